import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { MiniflareOptions } from 'miniflare'
import { builtOptions } from './built.ts'
import { hangMilliseconds, killGroup, runningIn, watch } from './processes.ts'

/** A process group in which `host.ts` runs one Worker. It starts at once, so that it is ready when there is something to run. */
export class Host {
  #process = watch(
    spawn(process.execPath, [join(import.meta.dirname, 'host.ts')], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  )

  /** Starts a Worker. Returns its address once it answers. */
  async run(options: MiniflareOptions): Promise<string> {
    const { child, output } = this.#process
    const { promise: started, resolve, reject } = Promise.withResolvers<string>()
    const hang = setTimeout(
      () => reject(new Error(`The Worker does not start: ${output()}`)),
      hangMilliseconds,
    )
    child.once('close', () => reject(new Error(`The Worker has stopped: ${output()}`)))
    child.stdout?.on('data', () => {
      const [, url] = /^(http:\S+)\n/m.exec(output()) ?? []
      if (url !== undefined) resolve(url)
    })
    child.stdin?.on('error', () => undefined) // it may have exited, which `close` reports
    child.stdin?.write(`${JSON.stringify(options)}\n`)
    const url = await started.finally(() => clearTimeout(hang))
    const running = await runningIn(this.#group())
    if (running.some((command) => /\/workerd\S* serve/.test(command))) return url
    throw new Error(`A kill would spare workerd: it is not among ${running.join(', ')}`)
  }

  /** Sends SIGKILL to the whole group at once. Resolves when every process has exited. */
  async kill(): Promise<void> {
    await killGroup(this.#group())
  }

  /** Stops the Worker gracefully. */
  async stop(): Promise<void> {
    const { child } = this.#process
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  #group(): number {
    const { pid } = this.#process.child
    if (pid === undefined) throw new Error('Cannot start a process for the Worker')
    return pid
  }
}

/** A Worker that can be killed, with its workerd. */
export interface KillableWorker {
  url: string
  kill: () => Promise<void>
}

/** Runs the built Worker on a state directory with the development secrets. Resolves when it answers. */
export const startWorker = async (state: string): Promise<KillableWorker> => {
  const host = new Host()
  const url = await host.run(await builtOptions(state))
  return { url, kill: async () => await host.kill() }
}
