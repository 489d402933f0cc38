import { execFile } from 'node:child_process'
import { readFile, cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { MiniflareOptions } from 'miniflare'
import { scratchDirectory } from './processes.ts'

/** The environment variable that tells tests, and the programs that they run, the directory of `build.ts`. */
const variable = 'PERENNIAL_BUILT'

/** Global setup of the projects that run whole Workers: one build serves all of them. */
export const setup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env[variable] !== undefined) return undefined
  const directory = await scratchDirectory()
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build.ts'), directory])
  process.env[variable] = directory
  return async () => await rm(directory, { recursive: true })
}

const builtDirectory = (): string => process.env[variable] ?? ''

/** The options with which miniflare runs the built Worker on a state directory. */
export const builtOptions = async (state: string): Promise<MiniflareOptions> => {
  const options = JSON.parse(
    await readFile(join(builtDirectory(), 'options.json'), 'utf8'),
  ) as MiniflareOptions
  return { ...options, resourcePersistencePath: join(state, 'v3') }
}

/** Puts an empty database with all migrations into a state directory. */
export const createState = async (state: string): Promise<void> =>
  await cp(join(builtDirectory(), 'state'), state, { recursive: true })
