import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'

/** The exit code and output of a command. */
export interface CommandRun {
  code: number | null
  stdout: string
  stderr: string
}

/** A running command. */
export interface RunningCommand {
  child: ChildProcess
  stderr: () => string
  ended: Promise<CommandRun>
}

/** The surroundings of a command. */
export interface CommandOptions {
  state?: string
  /** Piped into standard input. */
  input?: string | Buffer
  /** File descriptors for standard input or output. */
  stdin?: 'pipe' | number
  stdout?: 'pipe' | number
}

const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** Starts a script of package.json on a state directory, without npm in between. */
export const startCommand = (
  name: 'backfill' | 'reconcile' | 'export' | 'audit' | 'send' | 'demo' | 'soak',
  args: readonly string[],
  { state, input = '', stdin = 'pipe', stdout = 'pipe' }: CommandOptions = {},
): RunningCommand => {
  const [, ...own] = scripts[name]?.split(' ') ?? []
  const place = state === undefined ? [] : ['--persist-to', state]
  const child = spawn(process.execPath, [...own, ...args, ...place], {
    cwd: projectDirectory,
    stdio: [stdin, stdout, 'pipe'],
  })
  const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout?.on('data', (chunk: Buffer) => printed.stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => printed.stderr.push(chunk))
  child.stdin?.on('error', () => undefined) // it may end without reading
  child.stdin?.end(input)
  const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString()
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    stdout: textOf(printed.stdout),
    stderr: textOf(printed.stderr),
  }))
  return { child, stderr: () => textOf(printed.stderr), ended }
}

/** Runs a command to completion. */
export const runCommand = async (...given: Parameters<typeof startCommand>): Promise<CommandRun> =>
  await startCommand(...given).ended

/** Resolves once a command's standard error matches. Rejects when the command exits before that. */
export const printed = async ({ child, stderr }: RunningCommand, pattern: RegExp): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stderr?.on('data', () => pattern.test(stderr()) && resolve())
  child.once('close', () => reject(new Error(`It ended without ${String(pattern)}: ${stderr()}`)))
  await promise
}

/** Writes values as NDJSON. */
export const writeLines = (path: string, values: readonly unknown[]): string => {
  writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
  return path
}

/** Answers by several users in turn, one per minute. */
export const answers = (count: number, users: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'answer',
    user: { id: 1 + (index % users) },
    occurred_at: new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString(),
    content: { type: 'questions.answer', id: String(index) },
  }))
