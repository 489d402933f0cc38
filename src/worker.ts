import { createFetch } from './http/router.ts'
import { routes } from './routes.ts'

export { UserCounter } from './projections/UserCounter.ts'

const answer = createFetch(routes)

export default {
  fetch: async (request, env) => answer(request, env, Date.now()),
} satisfies ExportedHandler<Env>
