import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'
import { offline, projectDirectory } from '../platform/wrangler.ts'

/** Creates `.dev.vars` from `.dev.vars.example`. Returns false if it already exists. */
export const createDevVars = async (): Promise<boolean> => {
  const file = join(projectDirectory, '.dev.vars')
  try {
    await copyFile(`${file}.example`, file, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw new CommandFailure(
      `Cannot create .dev.vars from .dev.vars.example: ${String(error)}. Write WEBHOOK_SECRETS and ADMIN_TOKEN into .dev.vars yourself`,
      { cause: error },
    )
  }
}

/** A sentence for each invalid variable of the local Worker, without its value. */
export const checkVariables = async (): Promise<string[]> => {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'printMisconfigurations.ts')],
      { cwd: projectDirectory, env: { ...process.env, ...offline, WRANGLER_LOG: 'none' } },
    )
    return stdout.split('\n').filter((line) => line !== '')
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new CommandFailure(`Cannot read wrangler.toml and .dev.vars: ${reason}`, { cause: error })
  }
}
