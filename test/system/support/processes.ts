import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Creates an empty temporary directory. */
export const scratchDirectory = async (): Promise<string> =>
  await realpath(await mkdtemp(join(tmpdir(), 'perennial-')))

/** A free port of 127.0.0.1. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port')
  return address.port
}

/** A process and its output so far. */
export interface Started {
  child: ChildProcess
  output: () => string
}

/** Collects the output of a process, whose stdout and stderr must be pipes. */
export const watch = (child: ChildProcess): Started => {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { child, output: () => Buffer.concat(chunks).toString() }
}

/** Runs a program to completion. */
export const run = async (
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<{ code: number | null; output: string }> => {
  const { child, output } = watch(spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }))
  await once(child, 'close')
  return { code: child.exitCode, output: output() }
}

/** Longer than anything takes, even on a busy machine. */
export const hangMilliseconds = 600_000

/** Waits until a condition holds. Fails after ten minutes with the message from `otherwise`. */
export const until = async (isSo: () => Promise<boolean>, otherwise: () => string): Promise<void> => {
  for (const deadline = Date.now() + hangMilliseconds; !(await isSo());) {
    if (Date.now() > deadline) throw new Error(otherwise())
    await pause(50)
  }
}

/** The command lines of the running processes of a group. */
export const runningIn = async (group: number): Promise<string[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,stat=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pgid, state = '', command = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return Number(pgid) === group && !state.startsWith('Z') ? [command] : []
  })
}

/** Kills every process of a group and waits until none is left. */
export const killGroup = async (group: number): Promise<void> => {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    return // nobody is left to kill
  }
  await until(
    async () => (await runningIn(group)).length === 0,
    () => `Process group ${group} outlives SIGKILL`,
  )
}

/** The ids of the running children of a process that have this program name. */
export const childrenOf = async (parent: number, name: string): Promise<number[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'ppid=,pid=,stat=,comm='])
  return stdout.split('\n').flatMap((line) => {
    const [, ppid, pid, state = '', program] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return Number(ppid) === parent && program === name && !state.startsWith('Z') ? [Number(pid)] : []
  })
}
