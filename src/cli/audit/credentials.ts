import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { InvalidArgumentError } from 'commander'
import { configured } from '../../configuration.ts'
import { CommandFailure } from '../command.ts'
import { isLocal } from '../platform/localAddress.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/** Parses the value of `--url`. The token is sent there, so every address but a local one needs TLS. */
export const parseWorkerUrl = (text: string): URL => {
  const url = URL.parse(text)
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)))
  if (!isSafe || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Use an address like https://stats.example.org.')
  }
  return url
}

const readDevelopmentToken = async (): Promise<string | undefined> => {
  try {
    return parseEnv(await readFile(join(projectDirectory, '.dev.vars'), 'utf8'))['ADMIN_TOKEN']
  } catch {
    return undefined // The file is missing until npm start creates it.
  }
}

/**
 * The operator's token. It is not an argument, because other users of a machine can read command lines. Throws a
 * CommandFailure when it is missing, Misconfigured when it is invalid.
 */
export const readToken = async (url: URL): Promise<string> => {
  const token = process.env['ADMIN_TOKEN'] ?? (isLocal(url) ? await readDevelopmentToken() : undefined)
  if (token) return configured({ ADMIN_TOKEN: token }, 'ADMIN_TOKEN')
  throw new CommandFailure(
    `Cannot audit ${url.origin} without the operator's token: set the environment variable ADMIN_TOKEN`,
  )
}
