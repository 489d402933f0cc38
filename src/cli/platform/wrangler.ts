import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's own directory, whatever the shell's is. */
export const projectDirectory = join(import.meta.dirname, '../../..')

const wranglerPackage = dirname(fileURLToPath(import.meta.resolve('wrangler/package.json')))
const wranglerFile = join(wranglerPackage, 'bin/wrangler.js')

/** Nothing local needs anybody else: no usage numbers, no look for a newer version, no fetch of a sample Request.cf. */
export const offline = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

/** How to start wrangler. `detached` gives it a process group of its own, with workerd in it. */
export interface WranglerOptions {
  stdio: StdioOptions
  detached?: boolean
}

/** Starts wrangler on this project, with the Node that runs this. */
export const startWrangler = (args: readonly string[], options: WranglerOptions): ChildProcess =>
  spawn(process.execPath, [wranglerFile, ...args], {
    cwd: projectDirectory,
    env: { ...process.env, ...offline },
    ...options,
  })

/** How a run of wrangler ended, and all that it printed. */
export interface WranglerRun {
  code: number | null
  output: string
}

/** Runs wrangler to its end. It asks nobody: without a terminal it answers its own questions with yes. */
export const runWrangler = async (args: readonly string[]): Promise<WranglerRun> => {
  const child = startWrangler(args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return { code: child.exitCode, output: Buffer.concat(chunks).toString() }
}
