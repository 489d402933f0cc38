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

export default {
  fetch: async (request, env, context) => {
    logMisconfigurations(env)
    return await answer(request, env, Date.now(), context)
  },
  scheduled: async (controller, env) => {
    try {
      logMisconfigurations(env)
      await refreshDirectory(env, controller.scheduledTime)
      configured(env, 'DEFAULT_LOCALE')
      await auditAll(env, controller.scheduledTime)
    } catch (error) {
      if (error instanceof Misconfigured) throw error
      reportUnexpected(error)
      // The platform logs exceptions, and an error's message may contain personal data.
      // oxlint-disable-next-line preserve-caught-error
      throw new Error('The nightly run did not finish')
    }
  },
} satisfies ExportedHandler<Env>
