import { Miniflare, Response, type MiniflareOptions } from 'miniflare'
import { builtOptions } from './built.ts'
import { childrenOf, until } from './processes.ts'

/** Where a batch on D1 is: not yet started, running, or committed but not yet answered. */
export type Query = 'before' | 'inside' | 'committed'

/** Whether a batch on D1 writes. Objects also read in the background, while a test waits for a write. */
type Access = 'read' | 'write'

/** A Worker that is killed, with its workerd, when a batch on D1 reaches a step. */
export interface SteppedWorker {
  url: string
  /** Resolves when the next batch of this kind has killed workerd. */
  killAt(step: Query, access: Access): Promise<void>
  stop(): Promise<void>
}

/**
 * Wraps the built Worker with a listener on its database. It calls the listener and waits for it before a batch, while the
 * batch runs and after the commit; the listener can kill the process at each of these steps.
 */
const wrapper = `import { env } from 'cloudflare:workers'

export * from './worker.js'
export { default } from './worker.js'

const tell = async (...path) => await (await env.LISTENER.fetch('http://listener/' + path.join('/'))).text()

// The prototype of every D1 binding, of the Worker and of its objects.
const prototype = Object.getPrototypeOf(env.DB)
const { batch } = prototype
prototype.batch = async function (statements) {
  const access = statements.some(({ statement }) => /^\\s*INSERT/.test(statement)) ? 'write' : 'read'
  await tell('before', access)
  const [results] = await Promise.all([batch.call(this, statements), tell('inside', access)])
  await tell('committed', access)
  return results
}`

/** The options of the built Worker, wrapped in one that calls `listen` at each step. */
const steppedOptions = async (
  state: string,
  listen: (request: { url: string }) => Promise<Response>,
): Promise<MiniflareOptions> => {
  const options = await builtOptions(state)
  const [worker] = options.workers
  if (worker === undefined) throw new Error('The built Worker has no options')
  const { config } = worker
  const modules = { ...config.manifest?.modules, 'stepped.js': { type: 'esm' as const, contents: wrapper } }
  const stepped = {
    ...config,
    manifest: { ...config.manifest, mainModule: 'stepped.js', modules },
    env: { ...config.env, LISTENER: { type: 'fetcher' as const, handler: listen } },
  }
  return { ...options, workers: [{ ...worker, config: stepped }] }
}

/** Starts the built Worker on a state directory. */
export const startStepped = async (state: string): Promise<SteppedWorker> => {
  let armed: { path: string; kill: () => void } | undefined
  const listen = async (request: { url: string }): Promise<Response> => {
    if (new URL(request.url).pathname === armed?.path) armed.kill()
    return new Response('go on')
  }
  const others = new Set(await childrenOf(process.pid, 'workerd'))
  const miniflare = new Miniflare(await steppedOptions(state, listen))
  const { origin } = await miniflare.ready
  const pids = (await childrenOf(process.pid, 'workerd')).filter((pid) => !others.has(pid))
  const [pid] = pids
  if (pid === undefined || pids.length > 1)
    throw new Error(`Cannot tell which process to kill: ${pids.join()}`)
  const isGone = async (): Promise<boolean> => !(await childrenOf(process.pid, 'workerd')).includes(pid)
  return {
    url: origin,
    killAt: async (step, access) => {
      let isKilled = false
      const kill = (): void => {
        isKilled = true
        process.kill(pid, 'SIGKILL')
      }
      armed = { path: `/${step}/${access}`, kill }
      // Listing processes is slow, so it begins after the kill.
      await until(
        async () => isKilled && (await isGone()),
        () => `No ${access} came to the step "${step}"`,
      )
    },
    stop: async () => await miniflare.dispose(),
  }
}
