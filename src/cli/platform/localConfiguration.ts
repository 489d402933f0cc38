import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { parse } from 'smol-toml'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'
import { projectDirectory } from './wrangler.ts'

/** The part of wrangler.toml that commands use. */
interface WranglerToml {
  compatibility_date: string
  vars: Record<string, unknown>
  secrets: { required: string[] }
  d1_databases: { binding: string; database_id?: string; preview_database_id?: string }[]
}

/** What `wrangler dev` passes to the local Worker. */
export interface LocalConfiguration {
  compatibilityDate: string
  /** The ID of the database DB. Its file is named after it. */
  databaseId: string
  /** The variables and secrets by name. */
  variables: Record<string, unknown>
}

/** The text of a file; undefined if it is missing. */
const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The variables in .env files. These may refer to each other's variables, so wrangler reads them. */
const readDotEnv = async (directory: string, { vars, secrets }: WranglerToml) => {
  const { unstable_getVarsForDev: getVarsForDev } = await import('wrangler')
  const bindings = getVarsForDev(join(directory, 'wrangler.toml'), undefined, vars, undefined, true, secrets)
  return Object.fromEntries(Object.entries(bindings).map(([name, { value }]) => [name, value]))
}

/** The values that override wrangler.toml: from .dev.vars or, if it is missing, from .env files and the environment. */
const readReplacements = async (directory: string, toml: WranglerToml): Promise<Record<string, unknown>> => {
  const devVars = await readIfThere(join(directory, '.dev.vars'))
  if (devVars !== undefined) return parseEnv(devVars)
  const hasDotEnv = ['.env', '.env.local'].some((name) => existsSync(join(directory, name)))
  return hasDotEnv ? await readDotEnv(directory, toml) : process.env
}

const readFrom = async (directory: string): Promise<LocalConfiguration> => {
  const toml = parse(await readFile(join(directory, 'wrangler.toml'), 'utf8')) as unknown as WranglerToml
  const { compatibility_date: compatibilityDate, vars, secrets, d1_databases: databases } = toml
  const database = databases.find(({ binding }) => binding === 'DB')
  const variables = { ...vars }
  for (const [name, value] of Object.entries(await readReplacements(directory, toml)))
    if (name in vars || secrets.required.includes(name)) variables[name] = value
  return {
    compatibilityDate,
    databaseId: database?.preview_database_id ?? database?.database_id ?? 'DB',
    variables,
  }
}

/**
 * Reads the configuration of the local Worker from wrangler.toml and .dev.vars, as `wrangler dev` does. Loading
 * wrangler for this would take 300 MB, and as long as the rest of a command. Throws a CommandFailure.
 */
export const readLocalConfiguration = async (directory = projectDirectory): Promise<LocalConfiguration> => {
  try {
    return await readFrom(directory)
  } catch (error) {
    throw new CommandFailure(`Cannot read wrangler.toml and .dev.vars: ${String(error)}`, { cause: error })
  }
}
