import { auditAll } from './audit/auditAll.ts'
import { refuseUnknown } from './dashboard/page.tsx'
import { createFetch } from './http/router.ts'
import { routes } from './routes.ts'

export { Auditor } from './audit/Auditor.ts'
export { Leaderboard } from './projections/Leaderboard.ts'
export { LogScans } from './projections/LogScans.ts'
export { LogSummary } from './projections/LogSummary.ts'
export { UserCounter } from './projections/UserCounter.ts'

const answer = createFetch(routes, refuseUnknown)

export default {
  fetch: async (request, env) => answer(request, env, Date.now()),
  scheduled: async (controller, env) => auditAll(env, controller.scheduledTime),
} satisfies ExportedHandler<Env>
