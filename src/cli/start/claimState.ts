import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'

/**
 * The socket of the process that has claimed a directory. Its name is a hash, because socket paths are limited to about
 * 100 bytes.
 */
const socketOf = (directory: string): string =>
  join(tmpdir(), `perennial-${createHash('sha256').update(directory).digest('hex').slice(0, 32)}.sock`)

/** How long to wait for a holder's answer. */
const holderMilliseconds = 10_000

/** What the process listening on a socket sends; undefined if no process is listening. */
const readSocket = async (path: string): Promise<string | undefined> => {
  try {
    const socket = createConnection(path)
    // A suspended holder accepts connections but never answers.
    socket.setTimeout(holderMilliseconds, () => socket.destroy(new Error('no answer')))
    return await text(socket)
  } catch (error) {
    if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT'].includes(errorCode(error))) return undefined
    throw new CommandFailure(
      `Cannot tell whether a Worker is already running in this directory, because ${path} cannot be read. If none is running, remove that file`,
      { cause: error },
    )
  }
}

/** Listens on a socket until this process exits, and sends each client `url`. Returns false if the socket's file exists. */
const listen = async (path: string, url: string): Promise<boolean> => {
  const server = createServer((socket) => socket.end(url)).listen(path)
  try {
    await once(server, 'listening')
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return false
    throw error
  }
  server.unref()
  return true
}

const attemptsMax = 10
const pauseMilliseconds = 500

/**
 * Claims a directory's local state for the Worker at `url` until this process exits. Waits up to five seconds for a
 * Worker that is shutting down, for example because a supervisor restarts it. Throws a CommandFailure if another process
 * holds the claim: two Workers with the same state would not see each other's Durable Objects.
 */
export const claimState = async (directory: string, url: string): Promise<void> => {
  const path = socketOf(directory)
  for (let attempt = 1; !(await listen(path, url)); attempt += 1) {
    const holder = await readSocket(path)
    if (holder === undefined) await rm(path, { force: true })
    else if (attempt < attemptsMax) await wait(pauseMilliseconds)
    else {
      throw new CommandFailure(
        `Cannot start a second Worker in this directory: one is running at ${holder}. Use that one, stop it with Ctrl-C in its terminal, or start the second one in another clone of the project`,
      )
    }
  }
}
