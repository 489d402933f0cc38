import { respondNotFound } from '../../src/pages/page.tsx'
import { logMisconfigurations } from '../../src/configuration.ts'
import { createFetch } from '../../src/http/router.ts'
import { routes } from '../../src/routes.ts'
import worker from '../../src/worker.ts'

export * from '../../src/worker.ts'

const answer = createFetch(routes, respondNotFound)

/**
 * The Worker, except that it reads every answer anew: tests of what is behind the memory of answers meter D1, break it
 * and set the clock between two requests. test/memory/ tests the memory.
 */
export default {
  ...worker,
  fetch: async (request, env) => {
    logMisconfigurations(env)
    return await answer(request, env, Date.now())
  },
} satisfies ExportedHandler<Env>
