import { auditAll } from './audit/auditAll.ts'
import { respondNotFound } from './pages/page.tsx'
import { configured, logMisconfigurations, Misconfigured } from './configuration.ts'
import { reportUnexpected } from './http/problem.ts'
import { createFetch } from './http/router.ts'
import { AnswerMemory } from './memory/AnswerMemory.ts'
import { refreshDirectory } from './projections/directory/refreshDirectory.ts'
import { routes } from './routes.ts'

export { Auditor } from './audit/Auditor.ts'
export { LiveRanking } from './projections/ranking/LiveRanking.ts'
export { LogScans } from './projections/scans/LogScans.ts'
export { Sequencer } from './projections/Sequencer.ts'
export { LogSummary } from './projections/summary/LogSummary.ts'
export { LogColumns } from './projections/columns/LogColumns.ts'
export { UserDirectory } from './projections/directory/UserDirectory.ts'
export { UserCounter } from './projections/user/UserCounter.ts'

const answer = createFetch(routes, respondNotFound, new AnswerMemory(() => Date.now()))

/**
 * Runs one part of the nightly job. If it fails, reports the error and returns false, so that the next part still runs.
 * Throws Misconfigured.
 */
const runPart = async (work: () => Promise<void>): Promise<boolean> => {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof Misconfigured) throw error
    reportUnexpected(error)
    return false
  }
}

export default {
  fetch: async (request, env, context) => {
    logMisconfigurations(env)
    return await answer(request, env, Date.now(), context)
  },
  scheduled: async ({ scheduledTime }, env) => {
    logMisconfigurations(env)
    const isRefreshed = await runPart(async () => await refreshDirectory(env, scheduledTime))
    const isAudited = await runPart(async () => {
      configured(env, 'DEFAULT_LOCALE')
      await auditAll(env, scheduledTime)
    })
    // The platform logs exceptions, and the message of an unexpected one may contain personal data.
    if (!isRefreshed || !isAudited) throw new Error('The nightly run did not finish')
  },
} satisfies ExportedHandler<Env>
