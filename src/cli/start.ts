import { Command } from 'commander'
import { CommandFailure, runCommand } from './command.ts'
import { defaultPort, localOrigin } from './platform/localAddress.ts'
import { migrate } from './migrate.ts'
import { projectDirectory } from './platform/wrangler.ts'
import { claimState } from './start/claimState.ts'
import { startDevServer } from './start/devServer.ts'
import { guide } from './start/guide.ts'
import { checkPort, parsePort } from './start/port.ts'
import { checkVariables, createDevVars } from './start/variables.ts'

const parentPollMilliseconds = 250

/** Aborts at Ctrl-C, when a supervisor ends this process, and when its terminal closes. */
const onShutdown = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  // npm sends its SIGTERM to the shell between npm and this process. The shell exits without passing it on, so the
  // only sign is a new parent process.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || stop.abort(), parentPollMilliseconds).unref()
  return stop.signal
}

const start = async ({ port }: { port: number }): Promise<void> => {
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
    console.log(guide(url))
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
