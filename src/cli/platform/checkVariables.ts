import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CommandFailure } from '../command.ts'
import { offline, projectDirectory } from './wrangler.ts'

/** What is wrong with the variables of the Worker on this machine: a sentence each, without their values. */
export const checkVariables = async (): Promise<string[]> => {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'localVariables.ts')],
      { cwd: projectDirectory, env: { ...process.env, ...offline, WRANGLER_LOG: 'none' } },
    )
    return stdout.split('\n').filter((line) => line !== '')
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new CommandFailure(`Cannot read wrangler.toml and .dev.vars: ${said}`, { cause: error })
  }
}
