import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this project. */
export const projectDirectory = join(import.meta.dirname, '../../..')

const wranglerPackage = dirname(fileURLToPath(import.meta.resolve('wrangler/package.json')))
const wranglerFile = join(wranglerPackage, 'bin/wrangler.js')

/** Environment variables that keep wrangler off the network: no metrics, no update check, no sample Request.cf. */
export const offline = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

/** `detached` puts wrangler and its workerd into their own process group. */
export interface WranglerOptions {
  stdio: StdioOptions
  detached?: boolean
}

/** Starts wrangler in this project, with the Node of this process. */
export const startWrangler = (args: readonly string[], options: WranglerOptions): ChildProcess =>
  spawn(process.execPath, [wranglerFile, ...args], {
    cwd: projectDirectory,
    env: { ...process.env, ...offline },
    ...options,
  })

/** The exit code and all output of wrangler. */
export interface WranglerRun {
  code: number | null
  output: string
}

/** Runs wrangler to completion. Without a terminal, wrangler answers its own prompts with yes. */
export const runWrangler = async (args: readonly string[]): Promise<WranglerRun> => {
  const child = startWrangler(args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return { code: child.exitCode, output: Buffer.concat(chunks).toString() }
}
