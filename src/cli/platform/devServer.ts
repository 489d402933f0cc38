import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailure } from '../command.ts'
import { localAddress, localOrigin } from './port.ts'
import { projectDirectory, startWrangler } from './wrangler.ts'

/** Warnings and errors, the Worker's own too, but no line a request and no keyboard shortcuts. */
const quietly = ['--log-level', 'warn', '--show-interactive-dev-session=false']

const pollMilliseconds = 100
const readyMilliseconds = 60_000

/** The local Worker, up and answering. */
export interface DevServer {
  url: string
  /** Resolves when it has ended: asked to, or by itself. */
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
      throw new CommandFailure('Cannot start the Worker: wrangler dev ended, and says why above')
    }
    if (Date.now() > deadline) {
      throw new CommandFailure(`Cannot start the Worker: ${url}/healthz has not answered in a minute`)
    }
    await pause(pollMilliseconds)
  }
}

/** Rate limits are for production: here they are off, unless .dev.vars has a word for them. */
const limitsOff = (): string[] =>
  /^\s*RATE_LIMITS\s*=/m.test(readFileSync(join(projectDirectory, '.dev.vars'), 'utf8'))
    ? []
    : ['--var', 'RATE_LIMITS:off']

/** Starts `wrangler dev` and waits until the Worker answers. `stop` ends it, before that moment or after. */
export const startDevServer = async (port: number, stop: AbortSignal): Promise<DevServer> => {
  const url = localOrigin(port)
  const listening = ['--ip', localAddress, '--port', String(port)]
  const child = startWrangler(['dev', ...listening, ...limitsOff(), ...quietly], {
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
