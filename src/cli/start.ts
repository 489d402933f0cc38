import { Command } from 'commander'
import { CommandFailure, runCommand } from './command.ts'
import { checkVariables } from './platform/checkVariables.ts'
import { claimState } from './platform/claimState.ts'
import { makeDevVars } from './platform/devVars.ts'
import { startDevServer } from './platform/devServer.ts'
import { guide } from './console/guide.ts'
import { migrate } from './migrate.ts'
import { checkPort, defaultPort, localOrigin, parsePort } from './platform/port.ts'
import { projectDirectory } from './platform/wrangler.ts'

const parentPollMilliseconds = 250

/** Aborts when somebody wants this process to end: Ctrl-C, a supervisor, a closed terminal. */
const onEnd = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  // npm gives its SIGTERM to the shell between us, which dies of it and tells nobody: all we see is a new parent.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || stop.abort(), parentPollMilliseconds).unref()
  return stop.signal
}

const start = async ({ port }: { port: number }): Promise<void> => {
  const stop = onEnd()
  await claimState(projectDirectory, localOrigin(port))
  await checkPort(port)
  if (await makeDevVars(projectDirectory)) {
    console.log('Made .dev.vars from .dev.vars.example: the secrets in it are for development only')
  }
  const [wrong] = await Promise.all([checkVariables(), migrate()])
  for (const sentence of wrong) console.error(`${sentence} Change it in .dev.vars or wrangler.toml.`)
  if (stop.aborted) return
  try {
    const { url, ended } = await startDevServer(port, stop)
    console.log(guide(url))
    await ended
  } catch (error) {
    if (!stop.aborted) throw error
  }
  if (!stop.aborted) throw new CommandFailure('The Worker has stopped: wrangler dev ended by itself')
}

await runCommand(
  new Command('npm start --')
    .description('Runs Perennial on this machine, on a local database that it makes and migrates itself.')
    .option('--port <number>', 'the port to listen on', parsePort, defaultPort)
    .action(start),
)
