import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailure } from '../command.ts'
import { localAddress, localOrigin } from '../platform/localAddress.ts'
import { projectDirectory, startWrangler } from '../platform/wrangler.ts'

/** Options that show warnings and errors, but neither a line per request nor keyboard shortcuts. */
const quiet = ['--log-level', 'warn', '--show-interactive-dev-session=false']

const pollMilliseconds = 100
const readyMilliseconds = 60_000

/** A running local Worker. */
export interface DevServer {
  url: string
  /** Resolves when the Worker has exited. */
  ended: Promise<void>
}

const isHealthy = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/healthz`)
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

const untilHealthy = async (url: string, child: ChildProcess): Promise<void> => {
  const deadline = Date.now() + readyMilliseconds
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new CommandFailure('Cannot start the Worker: wrangler dev exited. Its output above says why')
    }
    if (Date.now() > deadline) {
      throw new CommandFailure(`Cannot start the Worker: ${url}/healthz did not answer within a minute`)
    }
    await pause(pollMilliseconds)
  }
}

/** Disables rate limits, which are for production, unless .dev.vars sets RATE_LIMITS. */
const limitsOff = (): string[] =>
  /^\s*RATE_LIMITS\s*=/m.test(readFileSync(join(projectDirectory, '.dev.vars'), 'utf8'))
    ? []
    : ['--var', 'RATE_LIMITS:off']

/** Starts `wrangler dev` and waits until the Worker answers. Aborting `stop` ends it at any time. */
export const startDevServer = async (port: number, stop: AbortSignal): Promise<DevServer> => {
  const url = localOrigin(port)
  const listening = ['--ip', localAddress, '--port', String(port)]
  const child = startWrangler(['dev', ...listening, ...limitsOff(), ...quiet], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  const end = (): void => void child.kill('SIGTERM')
  stop.addEventListener('abort', end)
  try {
    await untilHealthy(url, child)
  } catch (error) {
    end()
    await ended
    throw error
  }
  return { url, ended }
}
