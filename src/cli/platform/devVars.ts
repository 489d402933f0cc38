import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command.ts'

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Makes `.dev.vars` from `.dev.vars.example`; returns false, and touches nothing, when there is one already. */
export const makeDevVars = async (directory: string): Promise<boolean> => {
  try {
    await copyFile(
      join(directory, '.dev.vars.example'),
      join(directory, '.dev.vars'),
      constants.COPYFILE_EXCL,
    )
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw new CommandFailure(
      `Cannot make .dev.vars from .dev.vars.example: ${String(error)}. Write WEBHOOK_SECRETS and ADMIN_TOKEN into .dev.vars yourself`,
      { cause: error },
    )
  }
}
