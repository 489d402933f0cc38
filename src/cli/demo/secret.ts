import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { configured } from '../../configuration.ts'
import { CommandFailure } from '../command.ts'

/** The first of the WEBHOOK_SECRETS in a file like .dev.vars. Throws a CommandFailure when there is none, Misconfigured when they cannot be used. */
export const readSecret = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`Cannot read ${file}: run npm start once, which makes it`, { cause: error })
  })
  const { WEBHOOK_SECRETS } = parseEnv(text)
  if (WEBHOOK_SECRETS === undefined)
    throw new CommandFailure(`Cannot find WEBHOOK_SECRETS in ${file}: .dev.vars.example shows how they look`)
  configured({ WEBHOOK_SECRETS }, 'WEBHOOK_SECRETS')
  return WEBHOOK_SECRETS.trim().split(/\s+/)[0] ?? ''
}
