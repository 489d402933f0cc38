import { DurableObject, env as environment } from 'cloudflare:workers'
import perennial from '../src/worker.ts'
import { countStatement, meterBatches, meterStorage, rowsSoFar } from './meters.ts'

export * from '../src/worker.ts'

/*
 * The Worker under test: src/worker.ts with meters on its database and objects, and bare routes that do the least that a
 * request, an object or the database can do, to compare with.
 */

meterBatches(environment.DB)

/** An object that only answers. It also meters the storage of all objects, which only an object can reach. */
export class BareObject extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    meterStorage(ctx.storage.sql)
  }

  answer(): string {
    return 'ok'
  }
}

interface BenchEnv extends Env {
  BARE_OBJECTS: DurableObjectNamespace<BareObject>
}

const bareObject = async ({ BARE_OBJECTS }: BenchEnv): Promise<string> =>
  await BARE_OBJECTS.getByName('bare').answer()

const bareRoutes: Record<string, (env: BenchEnv) => Promise<Response> | Response> = {
  '/bench/route': () => new Response('ok'),
  '/bench/object': async (env) => new Response(await bareObject(env)),
  '/bench/read': async ({ DB }) => {
    countStatement(await DB.prepare('SELECT value FROM bench_rows WHERE id = ?').bind(1).run())
    return new Response('ok')
  },
  '/bench/insert': async ({ DB }) => {
    countStatement(await DB.prepare('INSERT INTO bench_rows (value) VALUES (?)').bind('a bare row').run())
    return new Response('ok')
  },
  '/bench/rows': async (env) => {
    await bareObject(env) // installs the meter of storage before the first measurement
    return Response.json(rowsSoFar())
  },
}

const worker: ExportedHandler<Env> = perennial

export default {
  fetch: async (request, env, ctx) => {
    const bare = bareRoutes[new URL(request.url).pathname]
    if (bare) return await bare(env)
    if (!worker.fetch) throw new Error('Cannot find a fetch handler in src/worker.ts')
    return await worker.fetch(request, env, ctx)
  },
} satisfies ExportedHandler<BenchEnv>
