import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getPlatformProxy, unstable_readConfig as readConfig, type PlatformProxy } from 'wrangler'
import type { BatchReply, BatchRequest, Opened } from './database.ts'
import type { DatabaseOptions } from './databaseOptions.ts'
import { projectDirectory, runWrangler } from './wrangler.ts'

/*
 * The child process that `database.ts` forks: it opens wrangler's platform proxy and runs batches. It is a separate
 * process because loading wrangler takes 300 MB, and preparing a statement through the proxy blocks the thread.
 */

type Bindings = Pick<Env, 'DB' | 'SYSTEM_USER_IDS'>

const configPath = join(projectDirectory, 'wrangler.toml')

const openLocal = async (persistTo: string): Promise<PlatformProxy<Bindings>> =>
  await getPlatformProxy<Bindings>({
    configPath,
    persist: { path: join(persistTo, 'v3') },
    remoteBindings: false,
  })

const databaseIdOf = async (name: string): Promise<string> => {
  const { code, output } = await runWrangler(['d1', 'info', name, '--json'])
  const id = /"uuid":\s*"([^"]+)"/.exec(output)?.[1]
  if (code !== 0 || id === undefined) throw new Error(`Cannot find the database "${name}": ${output.trim()}`)
  return id
}

/** Opens the production database with a temporary configuration, which is removed right away. */
const openRemote = async (): Promise<PlatformProxy<Bindings>> => {
  const { name, compatibility_date, account_id, vars, d1_databases } = readConfig({ config: configPath })
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
    return await getPlatformProxy<Bindings>({ configPath: file, persist: false })
  } finally {
    await rm(directory, { recursive: true })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const send = (message: Opened | BatchReply): void => void process.send?.(message)

const serve = ({ env, dispose }: PlatformProxy<Bindings>): void => {
  // Each prepare is a round trip, and a prepared statement can be bound any number of times.
  const prepared = new Map<string, D1PreparedStatement>()
  const prepare = (sql: string): D1PreparedStatement => {
    const statement = prepared.get(sql) ?? env.DB.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const runBatch = async ({ id, statements }: BatchRequest): Promise<void> => {
    try {
      const bound = statements.map(({ sql, values }) =>
        values.length === 0 ? prepare(sql) : prepare(sql).bind(...values),
      )
      send({ id, results: await env.DB.batch(bound) })
    } catch (error) {
      send({ id, error: messageOf(error) })
    }
  }
  process.on('message', (request: BatchRequest) => void runBatch(request))
  process.once('disconnect', () => void dispose().finally(() => process.exit()))
}

const open = async ({ remote, persistTo }: DatabaseOptions): Promise<void> => {
  try {
    const proxy = remote ? await openRemote() : await openLocal(persistTo)
    serve(proxy)
    send({ opened: true, systemUserIds: proxy.env.SYSTEM_USER_IDS })
  } catch (error) {
    send({ opened: false, error: messageOf(error) })
    process.disconnect()
  }
}

process.once('message', (options: DatabaseOptions) => void open(options))
