import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import type { BatchReply, BatchRequest, Opened } from './database.ts'
import type { DatabaseOptions } from './databaseOptions.ts'
import { readLocalConfiguration } from './localConfiguration.ts'
import type { Place } from './remoteDatabase.ts'

/*
 * The child process that `database.ts` forks. It starts workerd with the database and runs batches in it. A separate
 * process, because loading miniflare takes 100 MB, and wrangler, for the production database, 300 MB.
 */

/**
 * A Worker that runs a whole batch in one request. Through wrangler's platform proxy, every statement would be another
 * request, and these would take as long as the transaction. Every process on this machine can reach workerd, so the
 * Worker requires a secret.
 */
const batchWorker = `export default {
  async fetch(request, { DB, SECRET }) {
    if (request.headers.get('authorization') !== SECRET) return new Response(null, { status: 401 })
    const statements = await request.json()
    try {
      const bound = statements.map(({ sql, values }) => DB.prepare(sql).bind(...values))
      return Response.json({ results: await DB.batch(bound) })
    } catch (error) {
      return Response.json({ error: String(error.message) })
    }
  },
}`

interface Connection {
  systemUserIds: unknown
  /** Runs a JSON array of statements as one batch. Returns the JSON of an Outcome. */
  runBatch: (statements: string) => Promise<string>
  close: () => Promise<void>
}

const placeLocally = async (persistTo: string): Promise<Place> => {
  const { compatibilityDate, databaseId, variables } = await readLocalConfiguration()
  return {
    compatibilityDate,
    d1Databases: { DB: { id: databaseId } },
    systemUserIds: variables['SYSTEM_USER_IDS'],
    state: join(persistTo, 'v3'),
  }
}

/** Starts workerd with the database. */
const connect = async ({ systemUserIds, state, leave, ...options }: Place): Promise<Connection> => {
  const SECRET = randomUUID()
  const worker = { modules: true, script: batchWorker, bindings: { SECRET }, ...options }
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ ...worker, cf: false, logRequests: false }),
    ...(state !== undefined && { resourcePersistencePath: state }),
  })
  await miniflare.ready
  const headers = { authorization: SECRET }
  return {
    systemUserIds,
    runBatch: async (body) => {
      const response = await miniflare.dispatchFetch('http://database', { method: 'POST', body, headers })
      if (!response.ok) throw new Error(`workerd answered ${response.status}`)
      return await response.text()
    },
    close: async () => {
      await leave?.()
      await miniflare.dispose()
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const send = (message: Opened | BatchReply): void => void process.send?.(message)

const serve = ({ runBatch, close }: Connection): void => {
  process.on('message', ({ id, statements }: BatchRequest) => {
    runBatch(statements).then(
      (outcome) => send({ id, outcome }),
      (error: unknown) => send({ id, outcome: JSON.stringify({ error: messageOf(error) }) }),
    )
  })
  process.once('disconnect', () => void close().finally(() => process.exit()))
}

const open = async ({ remote, persistTo }: DatabaseOptions): Promise<void> => {
  try {
    const place = remote
      ? await (await import('./remoteDatabase.ts')).findRemotely()
      : await placeLocally(persistTo)
    const connection = await connect(place)
    serve(connection)
    send({ opened: true, systemUserIds: connection.systemUserIds })
  } catch (error) {
    // Exits itself, because what miniflare had started before it failed would keep the process alive.
    const failed: Opened = { opened: false, error: messageOf(error) }
    process.send?.(failed, undefined, {}, () => process.exit())
  }
}

process.once('message', (options: DatabaseOptions) => void open(options))
