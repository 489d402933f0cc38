import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Option } from 'commander'
import { configured } from '../../configuration.ts'
import { CommandFailure } from '../command.ts'
import { callerPath } from '../lines/files.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/** The file with the secrets. Secrets are not arguments, because other users of the machine can read command lines. */
export const envFileOption = new Option('--env-file <file>', "the file with the Worker's WEBHOOK_SECRETS")
  .argParser(callerPath)
  .default(join(projectDirectory, '.dev.vars'), '.dev.vars')

/**
 * Reads the WEBHOOK_SECRETS, each `whsec_<base64>`, from a file like .dev.vars. Throws a CommandFailure if there are
 * none, Misconfigured if they are invalid.
 */
export const readSecrets = async (file: string): Promise<[string, ...string[]]> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const isOwn = file === join(projectDirectory, '.dev.vars')
    const remedy = isOwn ? 'run npm start once to create it' : 'check --env-file'
    throw new CommandFailure(`Cannot read ${file}: ${remedy}`, { cause: error })
  })
  const { WEBHOOK_SECRETS } = parseEnv(text)
  if (WEBHOOK_SECRETS === undefined)
    throw new CommandFailure(`${file} has no WEBHOOK_SECRETS: .dev.vars.example shows how to write them`)
  configured({ WEBHOOK_SECRETS }, 'WEBHOOK_SECRETS')
  const [first = '', ...others] = WEBHOOK_SECRETS.trim().split(/\s+/)
  return [first, ...others]
}
