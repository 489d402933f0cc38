import { once } from 'node:events'
import { createServer } from 'node:net'
import { Command, InvalidArgumentError } from 'commander'
import { CommandFailure, onParentEnd, runCommand } from './command.ts'
import { errorCode } from './lines/files.ts'
import { migrate } from './migrate.ts'
import { defaultPort, localAddress, localOrigin } from './platform/localAddress.ts'
import { projectDirectory } from './platform/wrangler.ts'
import { checkPackages } from './start/checkPackages.ts'
import { claimState } from './start/claimState.ts'
import { startDevServer } from './start/devServer.ts'
import { guide } from './start/guide.ts'
import { checkVariables, createDevVars } from './start/variables.ts'

/** Parses the value of `--port`: 1 to 65535. */
const parsePort = (text: string): number => {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Use a number from 1 to 65535.')
  return port
}

const whyNot = (error: unknown): string => {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return 'another program is using it'
    case 'EACCES':
      return 'permission denied'
    default:
      return String(error)
  }
}

/** Briefly listens on a local port (0: any free one), and returns the port. */
const tryPort = async (port: number): Promise<number> => {
  const server = createServer().listen(port, localAddress)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Throws a CommandFailure that suggests a free port if this port cannot be used. */
const checkPort = async (port: number): Promise<void> => {
  try {
    await tryPort(port)
  } catch (error) {
    throw new CommandFailure(
      `Cannot listen on port ${port}: ${whyNot(error)}. Use another, for example: npm start -- --port ${await tryPort(0)}`,
      { cause: error },
    )
  }
}

/** A signal that aborts at Ctrl-C, when a supervisor ends this process, and when its terminal closes. */
const onShutdown = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  onParentEnd(() => stop.abort())
  return stop.signal
}

/** The number of contributions in the log of a running Worker. */
const countContributions = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/v1/status`)
  const { contributions } = await response.json<{ contributions?: number }>()
  return contributions ?? 0
}

const start = async ({ port }: { port: number }): Promise<void> => {
  await checkPackages()
  const stop = onShutdown()
  await claimState(projectDirectory, localOrigin(port))
  await checkPort(port)
  if (await createDevVars()) {
    console.log('Created .dev.vars from .dev.vars.example: its secrets are for development only')
  }
  const [problems] = await Promise.all([checkVariables(), migrate()])
  for (const sentence of problems) console.error(`${sentence} Change it in .dev.vars or wrangler.toml.`)
  if (stop.aborted) return
  try {
    const { url, ended } = await startDevServer(port, stop)
    console.log(guide(url, await countContributions(url)))
    await ended
  } catch (error) {
    if (!stop.aborted) throw error
  }
  if (!stop.aborted) throw new CommandFailure('The Worker has stopped: wrangler dev exited unexpectedly')
}

await runCommand(
  new Command('npm start --')
    .description('Runs Perennial on this machine with a local database, which it creates and migrates.')
    .option('--port <number>', 'the port to listen on', parsePort, defaultPort)
    .action(start),
)
