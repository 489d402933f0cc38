import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions } from 'wrangler'
import { offline, projectDirectory, runWrangler } from '../../../src/cli/platform/wrangler.ts'
import { childrenOf, until } from './processes.ts'
import { secrets } from './site.ts'

const configPath = join(projectDirectory, 'wrangler.toml')

/** Where a batch on D1 is: not yet started, running, or committed but not yet answered. */
export type Query = 'before' | 'inside' | 'committed'

/** A Worker that is killed, with its workerd, when a batch on D1 reaches a step. */
export interface SteppedWorker {
  url: string
  /** Resolves when the next batch has killed workerd. */
  killAt(step: Query): Promise<void>
  stop(): Promise<void>
}

/** Bundles the Worker, with a listener on its database, into a directory. */
export const buildStepped = async (directory: string): Promise<void> => {
  const options = ['--config', configPath, '--dry-run', '--outdir', directory]
  const { code, output } = await runWrangler(['deploy', 'test/system/support/steppedWorker.ts', ...options])
  if (code !== 0) throw new Error(`Cannot build the Worker: ${output.trim()}`)
}

/** Starts the built Worker on a state directory. */
export const startStepped = async (built: string, state: string): Promise<SteppedWorker> => {
  Object.assign(process.env, offline)
  let armed: { step: Query; kill: () => void } | undefined
  const listen = async (request: { url: string }): Promise<Response> => {
    if (new URL(request.url).pathname === `/${armed?.step}`) armed?.kill()
    return new Response('go on')
  }
  const { workerOptions } = getMiniflareWorkerOptions(configPath)
  const { modulesRules: _rules, ...options } = workerOptions
  const { bindings } = options as Pick<V4WorkerOptions, 'bindings'>
  const worker = {
    ...options,
    name: 'perennial',
    modules: [{ type: 'ESModule' as const, path: join(built, 'steppedWorker.js') }],
    modulesRoot: built,
    bindings: { ...bindings, ...secrets },
    serviceBindings: { LISTENER: listen as never },
  }
  const others = new Set(await childrenOf(process.pid, 'workerd'))
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ workers: [worker], cf: false, logRequests: false }),
    resourcePersistencePath: state,
  })
  const { origin } = await miniflare.ready
  const pids = (await childrenOf(process.pid, 'workerd')).filter((pid) => !others.has(pid))
  const [pid] = pids
  if (pid === undefined || pids.length > 1)
    throw new Error(`Cannot tell which process to kill: ${pids.join()}`)
  const isGone = async (): Promise<boolean> => !(await childrenOf(process.pid, 'workerd')).includes(pid)
  return {
    url: origin,
    killAt: async (step) => {
      let isKilled = false
      const kill = (): void => {
        isKilled = true
        process.kill(pid, 'SIGKILL')
      }
      armed = { step, kill }
      // Listing processes is slow, so it begins after the kill.
      await until(
        async () => isKilled && (await isGone()),
        () => `Nothing came to the step "${step}"`,
      )
    },
    stop: async () => await miniflare.dispose(),
  }
}
