import { once } from 'node:events'
import { createServer } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { CommandFailure } from '../command.ts'

/** The only address that the local Worker listens on: development secrets are no secrets. */
export const localAddress = '127.0.0.1'

/** Reads the value of `--port`: 1 to 65535. Throws what commander shows as misuse. */
export const parsePort = (text: string): number => {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Use a number from 1 to 65535.')
  return port
}

const whyNot = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'something else does'
  if (code === 'EACCES') return 'this account may not'
  return String(error)
}

/** Throws a CommandFailure when nothing new can listen on a port of this machine. */
export const checkPort = async (port: number): Promise<void> => {
  const server = createServer().listen(port, localAddress)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new CommandFailure(
      `Cannot listen on port ${port}: ${whyNot(error)}. Use another, for example: npm start -- --port 8788`,
      { cause: error },
    )
  }
  server.close()
  await once(server, 'close')
}
