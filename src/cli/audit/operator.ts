import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { InvalidArgumentError } from 'commander'
import { configured } from '../../configuration.ts'
import { CommandFailure } from '../command.ts'
import { isLocal } from '../platform/localHosts.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/** Reads the value of `--url`: where a Worker is. The token goes there, so only this machine may do without TLS. */
export const originOf = (text: string): URL => {
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
    return undefined // there is no such file: nobody has started the Worker here
  }
}

/**
 * The operator's token: never from the command line, which other users of a machine can read. Throws a
 * CommandFailure when there is none, Misconfigured when it cannot be sent.
 */
export const readToken = async (url: URL): Promise<string> => {
  const token = process.env['ADMIN_TOKEN'] ?? (isLocal(url) ? await readDevelopmentToken() : undefined)
  if (token) return configured({ ADMIN_TOKEN: token }, 'ADMIN_TOKEN')
  throw new CommandFailure(
    `Cannot ask ${url.origin} without the operator's token: set ADMIN_TOKEN in the environment`,
  )
}
