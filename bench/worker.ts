import { DurableObject, env as environment } from 'cloudflare:workers'
import perennial from '../src/worker.ts'
import { countStatement, meterBatches, meterStorage, rowsSoFar } from './meters.ts'

export * from '../src/worker.ts'

/*
 * The Worker under test: src/worker.ts with meters on its database and objects, plus bare routes, which do the minimum
 * that a request, an object or the database can do, as baselines.
 */

meterBatches(environment.DB)

/** An object that does nothing but answer. It also installs the meter of storage, which only an object can reach. */
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

/** Copies the log to the table of the bare batches, so that both have the same number of events and indexes. */
const copyLog = `INSERT INTO bench_events (type, content, user_id, occurred_at, parent, locale, product)
  SELECT type, content_id || ' ' || content_type, user_id, occurred_at, parent_id, locale, product FROM events
  WHERE entry = 0 AND NOT EXISTS (SELECT 1 FROM bench_events) ON CONFLICT DO NOTHING`

/** The minimum cost of a batch: the same rows, without any checks. */
const insertRows = `INSERT INTO bench_events (type, content, user_id, occurred_at, parent, locale, product)
  SELECT value->>'type', value->>'$.content.id', value->>'$.user.id', unixepoch(value->>'occurred_at'), value->>'$.parent.id',
    value->>'locale', value->>'product'
  FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING RETURNING position`

type BareRoute = (env: BenchEnv, request: Request) => Promise<Response> | Response

/** About as long as the first page of a board. */
const staticText = JSON.stringify({ entries: 'x'.repeat(2048) })

const bareRoutes: Record<string, BareRoute> = {
  '/bench/route': () => new Response('ok'),
  '/bench/static': () => new Response(staticText, { headers: { 'content-type': 'application/json' } }),
  '/bench/object': async (env) => new Response(await bareObject(env)),
  '/bench/read': async ({ DB }) => {
    countStatement(await DB.prepare('SELECT value FROM bench_rows WHERE id = ?').bind(1).run())
    return new Response('ok')
  },
  '/bench/insert': async ({ DB }) => {
    countStatement(await DB.prepare('INSERT INTO bench_rows (value) VALUES (?)').bind('a bare row').run())
    return new Response('ok')
  },
  '/bench/copy-log': async ({ DB }) => {
    await DB.prepare(copyLog).run()
    return new Response('ok')
  },
  '/bench/insert-batch': async ({ DB }, request) => {
    const rows: unknown[] = await request.json()
    const result = await DB.prepare(insertRows).bind(JSON.stringify(rows)).run()
    countStatement(result)
    return Response.json({ recorded: result.results.length })
  },
  '/bench/rows': async (env) => {
    await bareObject(env) // installs the storage meter before the first measurement
    return Response.json(rowsSoFar())
  },
}

const worker: ExportedHandler<Env> = perennial

export default {
  fetch: async (request, env, ctx) => {
    const bare = bareRoutes[new URL(request.url).pathname]
    if (bare) return await bare(env, request)
    if (!worker.fetch) throw new Error('Cannot find a fetch handler in src/worker.ts')
    return await worker.fetch(request, env, ctx)
  },
} satisfies ExportedHandler<BenchEnv>
