import { once } from 'node:events'
import { createServer } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { CommandFailure } from '../command.ts'

/** The only address that the local Worker listens on: development secrets are no secrets. */
export const localAddress = '127.0.0.1'

/** The port that `npm start` listens on, and other commands look for, unless they are given another. */
export const defaultPort = 8787

/** The origin of a Worker that listens on a port of this machine. */
export const localOrigin = (port: number): string => `http://${localAddress}:${port}`

/** Reads the value of `--port`: 1 to 65535. Throws what commander shows as misuse. */
export const parsePort = (text: string): number => {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Use a number from 1 to 65535.')
  return port
}

const whyNot = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'another program does'
  if (code === 'EACCES') return 'this account may not'
  return String(error)
}

/** Listens on a port of this machine for a moment, 0 for any that is free, and returns it. */
const tryPort = async (port: number): Promise<number> => {
  const server = createServer().listen(port, localAddress)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Throws a CommandFailure that names a free port when nothing new can listen on a port of this machine. */
export const checkPort = async (port: number): Promise<void> => {
  try {
    await tryPort(port)
  } catch (error) {
    throw new CommandFailure(
      `Cannot listen on port ${port}: ${whyNot(error)}. Use another, for example: npm start -- --port ${await tryPort(0)}`,
      { cause: error },
    )
  }
}
