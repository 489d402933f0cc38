import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { scratchDirectory, until } from './processes.ts'

/** The programs of the newest PostgreSQL that Debian installed; undefined if there is none. */
export const postgresPrograms = globSync('/usr/lib/postgresql/*/bin/initdb')
  .map((path) => dirname(path))
  .sort((one, other) => Number(one.split('/')[4]) - Number(other.split('/')[4]))
  .at(-1)

const numberOf = (flag: string): number =>
  Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

/** A PostgreSQL of the test's own, reached by a socket in a directory of its own. */
export interface Postgres {
  /** Runs psql, without the user's settings. Resolves to what it printed; throws if it fails. */
  psql: (args: readonly string[]) => Promise<string>
  stop: () => Promise<void>
}

export const startPostgres = async (): Promise<Postgres> => {
  const programs = postgresPrograms ?? ''
  const directory = await scratchDirectory()
  // initdb refuses root.
  const owner = process.getuid?.() === 0 ? { uid: numberOf('-u'), gid: numberOf('-g') } : {}
  if (owner.uid !== undefined) chownSync(directory, owner.uid, owner.gid)
  const data = join(directory, 'data')
  const run = promisify(execFile)
  const initial = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  await run(join(programs, 'initdb'), initial, { ...owner, cwd: '/' })
  const settings = ['listen_addresses=', 'fsync=off', 'timezone=Asia/Tokyo'].flatMap((setting) => [
    '-c',
    setting,
  ])
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', directory, ...settings], {
    ...owner,
    cwd: '/',
    stdio: 'ignore',
  })
  const psql = async (args: readonly string[]): Promise<string> => {
    const connection = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', directory, '-U', 'postgres']
    const { stdout } = await run(join(programs, 'psql'), [...connection, ...args], { maxBuffer: 2 ** 26 })
    return stdout
  }
  await until(
    async () =>
      psql(['-c', 'SELECT 1']).then(
        () => true,
        () => false,
      ),
    () => 'PostgreSQL did not start',
  )
  return {
    psql,
    stop: async () => {
      const closed = once(server, 'close')
      server.kill('SIGINT')
      await closed
      await rm(directory, { recursive: true })
    },
  }
}
