import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { CommandFailure } from '../command.ts'

/** The first of the WEBHOOK_SECRETS in a file like .dev.vars. Throws a CommandFailure when there is none. */
export const readSecret = async (file: string): Promise<string> => {
  try {
    const [secret] = (parseEnv(await readFile(file, 'utf8'))['WEBHOOK_SECRETS'] ?? '').split(' ')
    if (secret?.startsWith('whsec_')) return secret
  } catch (error) {
    throw new CommandFailure(`Cannot read ${file}: run npm start once, which makes it`, { cause: error })
  }
  throw new CommandFailure(`Cannot find WEBHOOK_SECRETS in ${file}: .dev.vars.example shows how they look`)
}
