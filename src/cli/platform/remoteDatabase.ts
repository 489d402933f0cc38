import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { V4WorkerOptions } from 'miniflare'
import {
  maybeStartOrUpdateRemoteProxySession as startRemoteProxySession,
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_readConfig as readConfig,
} from 'wrangler'
import { projectDirectory, runWrangler } from './wrangler.ts'

/** Where a database is: in a local directory, or behind a wrangler session. */
export interface Place extends Required<Pick<V4WorkerOptions, 'compatibilityDate' | 'd1Databases'>> {
  systemUserIds: unknown
  state?: string
  leave?: () => Promise<void>
}

const databaseIdOf = async (name: string): Promise<string> => {
  const { code, output } = await runWrangler(['d1', 'info', name, '--json'])
  const id = /"uuid":\s*"([^"]+)"/.exec(output)?.[1]
  if (code !== 0 || id === undefined) throw new Error(`Cannot find the database "${name}": ${output.trim()}`)
  return id
}

/** Starts a session with the database of a configuration. */
const startSession = async (configPath: string): Promise<Place> => {
  const remote = await startRemoteProxySession({ path: configPath })
  const { workerOptions } = getMiniflareWorkerOptions(configPath, undefined, {
    ...(remote && { remoteProxyConnectionString: remote.session.remoteProxyConnectionString }),
  })
  const { compatibilityDate, bindings, d1Databases } = workerOptions as Required<V4WorkerOptions>
  return {
    compatibilityDate,
    d1Databases,
    systemUserIds: bindings?.['SYSTEM_USER_IDS'],
    leave: async () => await remote?.session.dispose(),
  }
}

/** What wrangler says, without colours, or what to do if the operator is not logged in. */
const explained = (error: unknown): Error => {
  const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error))
  const isLoggedOut = message.includes('CLOUDFLARE_API_TOKEN')
  return new Error(
    isLoggedOut
      ? 'you are not logged in to Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN'
      : message,
    { cause: error },
  )
}

/**
 * Finds the production database through a temporary configuration, which is removed immediately. Throws an Error that says
 * what to do if the operator is not logged in.
 */
export const findRemotely = async (): Promise<Place> => {
  try {
    return await findDatabase()
  } catch (error) {
    throw explained(error)
  }
}

const findDatabase = async (): Promise<Place> => {
  const config = readConfig({ config: join(projectDirectory, 'wrangler.toml') })
  const { name, compatibility_date, account_id, vars, d1_databases } = config
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
    return await startSession(file)
  } finally {
    await rm(directory, { recursive: true })
  }
}
