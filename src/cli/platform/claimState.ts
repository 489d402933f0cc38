import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { CommandFailure } from '../command.ts'

/** Where the process that uses a directory's state listens. A socket's path may be 100 bytes long, a directory's 4,096. */
const socketOf = (directory: string): string =>
  join(tmpdir(), `perennial-${createHash('sha256').update(directory).digest('hex').slice(0, 32)}.sock`)

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/** What the process that listens on a socket says; undefined when no process does, whatever file is left. */
const readSocket = async (path: string): Promise<string | undefined> => {
  try {
    return await text(createConnection(path))
  } catch (error) {
    if (hasCode(error, ['ECONNREFUSED', 'ENOENT'])) return undefined
    throw error
  }
}

/** A Worker that was told to end needs some seconds, so that a supervisor may start the next one at once. */
const endingAttempts = 10
const endingPauseMilliseconds = 500

/** The holder of a claim that does not end within five seconds; undefined when the claim is free. */
const lastingHolder = async (path: string): Promise<string | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    const holder = await readSocket(path)
    if (holder === undefined || attempt === endingAttempts) return holder
    await wait(endingPauseMilliseconds)
  }
}

/**
 * Claims a directory's local state for the Worker at `url` until this process ends, however it ends. Throws a
 * CommandFailure while another process holds the claim: two Workers on one state would not see each other's objects.
 */
export const claimState = async (directory: string, url: string): Promise<void> => {
  const path = socketOf(directory)
  const holder = await lastingHolder(path)
  if (holder !== undefined) {
    throw new CommandFailure(
      `Cannot start a second Worker on the data of this directory: one runs at ${holder}. Use that one, stop it first with Ctrl-C in its terminal, or start the second in another clone of this project`,
    )
  }
  await rm(path, { force: true })
  const server = createServer((socket) => socket.end(url)).listen(path)
  await once(server, 'listening')
  server.unref()
}
