import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { misconfigurations } from '../../configuration.ts'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'
import { readLocalConfiguration } from '../platform/localConfiguration.ts'
import { projectDirectory } from '../platform/wrangler.ts'

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
  const { variables } = await readLocalConfiguration()
  return misconfigurations(variables).map(
    ({ message, consequence }) => `${message}. Until then, ${consequence}.`,
  )
}
