import { once } from 'node:events'
import { createServer } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'
import { localAddress } from '../platform/localAddress.ts'

/** Parses the value of `--port`: 1 to 65535. */
export const parsePort = (text: string): number => {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Use a number from 1 to 65535.')
  return port
}

const whyNot = (error: unknown): string => {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return 'another program is using it'
    case 'EACCES':
      return 'this account may not'
    default:
      return String(error)
  }
}

/** Listens on a port of this machine, 0 for any free one, stops again, and returns the port. */
const tryPort = async (port: number): Promise<number> => {
  const server = createServer().listen(port, localAddress)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Throws a CommandFailure that suggests a free port when this port cannot be used. */
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
