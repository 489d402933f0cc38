import { auditAll } from './audit/auditAll.ts'
import { refuseUnknown } from './dashboard/page.tsx'
import { configured, logMisconfigurations, Misconfigured } from './configuration.ts'
import { faultOf } from './http/fault.ts'
import { createFetch } from './http/router.ts'
import { routes } from './routes.ts'

export { Auditor } from './audit/Auditor.ts'
export { Leaderboard } from './projections/Leaderboard.ts'
export { LogScans } from './projections/LogScans.ts'
export { LogSummary } from './projections/LogSummary.ts'
export { UserCounter } from './projections/UserCounter.ts'

const answer = createFetch(routes, refuseUnknown)

export default {
  fetch: async (request, env) => {
    logMisconfigurations(env)
    return await answer(request, env, Date.now())
  },
  scheduled: async (controller, env) => {
    try {
      logMisconfigurations(env)
      configured(env, 'DEFAULT_LOCALE')
      await auditAll(env, controller.scheduledTime)
    } catch (error) {
      if (error instanceof Misconfigured) throw error
      faultOf(error)
      // The platform logs what is thrown, and the text of an error may hold somebody's data.
      // oxlint-disable-next-line preserve-caught-error
      throw new Error('The audit has not come to its end')
    }
  },
} satisfies ExportedHandler<Env>
