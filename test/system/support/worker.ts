import { startWrangler } from '../../../src/cli/platform/wrangler.ts'
import { freePort, killGroup, runningIn, until, watch } from './processes.ts'

/** A Worker that can be killed: `wrangler dev` and its workerd in their own process group. */
export interface KillableWorker {
  url: string
  /** Sends SIGKILL to the whole group at once. Resolves when every process has exited. */
  kill: () => Promise<void>
}

const isHealthy = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}

/** Starts a Worker on a state directory with the development secrets. Resolves when it answers. */
export const startWorker = async (state: string): Promise<KillableWorker> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const files = ['--persist-to', state, '--env-file', '.dev.vars.example']
  const listening = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  const wrangler = startWrangler(['dev', ...files, ...listening, '--var', 'RATE_LIMITS:off'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { child, output } = watch(wrangler)
  const group = child.pid
  if (group === undefined) throw new Error('Cannot start wrangler')
  await until(
    async () => await isHealthy(url),
    () => `The Worker does not answer: ${output()}`,
  )
  const running = await runningIn(group)
  if (!running.some((command) => /\/workerd\S* serve/.test(command))) {
    throw new Error(`A kill would spare workerd: it is not among ${running.join(', ')}`)
  }
  return { url, kill: async () => await killGroup(group) }
}
