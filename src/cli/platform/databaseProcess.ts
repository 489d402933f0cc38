import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import {
  maybeStartOrUpdateRemoteProxySession as startRemoteProxySession,
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_readConfig as readConfig,
} from 'wrangler'
import type { BatchReply, BatchRequest, Opened } from './database.ts'
import type { DatabaseOptions } from './databaseOptions.ts'
import { projectDirectory, runWrangler } from './wrangler.ts'

/*
 * The child process that `database.ts` forks. It starts workerd with the database and runs batches in it. A separate
 * process, because loading wrangler takes 300 MB.
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

/** Starts workerd with the database of a configuration: local, stored in `state`, or remote if `state` is undefined. */
const connect = async (configPath: string, state?: string): Promise<Connection> => {
  const remote = state === undefined ? await startRemoteProxySession({ path: configPath }) : undefined
  const { workerOptions } = getMiniflareWorkerOptions(configPath, undefined, {
    ...(remote && { remoteProxyConnectionString: remote.session.remoteProxyConnectionString }),
  })
  const { compatibilityDate, bindings, d1Databases } = workerOptions as Required<V4WorkerOptions>
  const SECRET = randomUUID()
  const worker = { modules: true, script: batchWorker, compatibilityDate, d1Databases, bindings: { SECRET } }
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ ...worker, cf: false, logRequests: false }),
    ...(state !== undefined && { resourcePersistencePath: state }),
  })
  await miniflare.ready
  const headers = { authorization: SECRET }
  return {
    systemUserIds: bindings?.['SYSTEM_USER_IDS'],
    runBatch: async (body) => {
      const response = await miniflare.dispatchFetch('http://database', { method: 'POST', body, headers })
      if (!response.ok) throw new Error(`workerd answered ${response.status}`)
      return await response.text()
    },
    close: async () => {
      await remote?.session.dispose()
      await miniflare.dispose()
    },
  }
}

const projectConfig = join(projectDirectory, 'wrangler.toml')

const databaseIdOf = async (name: string): Promise<string> => {
  const { code, output } = await runWrangler(['d1', 'info', name, '--json'])
  const id = /"uuid":\s*"([^"]+)"/.exec(output)?.[1]
  if (code !== 0 || id === undefined) throw new Error(`Cannot find the database "${name}": ${output.trim()}`)
  return id
}

/** Connects to the production database through a temporary configuration, which is removed immediately. */
const connectRemote = async (): Promise<Connection> => {
  const { name, compatibility_date, account_id, vars, d1_databases } = readConfig({ config: projectConfig })
  const database = d1_databases.find((each: { binding: string }) => each.binding === 'DB')
  if (database?.database_name === undefined) throw new Error('Cannot find the database DB in wrangler.toml')
  const database_id = database.database_id ?? (await databaseIdOf(database.database_name))
  const remote = { ...database, database_id, remote: true }
  const directory = await mkdtemp(join(tmpdir(), 'perennial-remote-'))
  const file = join(directory, 'wrangler.json')
  try {
    await writeFile(
      file,
      JSON.stringify({ name, compatibility_date, account_id, vars, d1_databases: [remote] }),
    )
    return await connect(file)
  } finally {
    await rm(directory, { recursive: true })
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
    const connection = remote ? await connectRemote() : await connect(projectConfig, join(persistTo, 'v3'))
    serve(connection)
    send({ opened: true, systemUserIds: connection.systemUserIds })
  } catch (error) {
    send({ opened: false, error: messageOf(error) })
    process.disconnect()
  }
}

process.once('message', (options: DatabaseOptions) => void open(options))
