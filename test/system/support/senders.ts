import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { watch } from './processes.ts'
import { secrets } from './site.ts'

/** A sender of examples/senders, and the program that runs it. */
export interface Language {
  name: string
  program: string
  file: string
}

export const languages: readonly Language[] = [
  { name: 'Python', program: 'python3', file: 'perennial.py' },
  { name: 'Node', program: process.execPath, file: 'perennial.mjs' },
  { name: 'PHP', program: 'php', file: 'perennial.php' },
  { name: 'Ruby', program: 'ruby', file: 'perennial.rb' },
]

/** The programs that are not installed. */
export const missing = languages
  .map(({ program }) => program)
  .filter((program) => spawnSync(program, ['--version']).status !== 0)

/** The exit code of a sender and what it printed. */
export interface SenderRun {
  code: number | null
  output: string
}

/** A sender with its outbox. */
export class Sender {
  readonly language: Language
  readonly outbox: string
  readonly #url: string

  /** `url` is the address that it sends to. */
  constructor(language: Language, outbox: string, url: string) {
    this.language = language
    this.outbox = outbox
    this.#url = url
  }

  static async create(language: Language, directory: string, url: string): Promise<Sender> {
    const outbox = join(directory, language.name)
    await mkdir(outbox, { recursive: true })
    return new Sender(language, outbox, url)
  }

  /** Starts the sender as a command. */
  start(input: string | undefined, ...args: string[]): { child: ChildProcess; ended: Promise<SenderRun> } {
    const { program, file } = this.language
    const path = join(projectDirectory, 'examples/senders', file)
    const child = spawn(program, [path, ...args], {
      env: {
        ...process.env,
        PERENNIAL_URL: this.#url,
        PERENNIAL_WEBHOOK_SECRET: secrets.WEBHOOK_SECRETS,
        PERENNIAL_OUTBOX: this.outbox,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stdin?.on('error', () => undefined) // it may be killed before it has read everything
    child.stdin?.end(input)
    const { output } = watch(child)
    return { child, ended: once(child, 'close').then(() => ({ code: child.exitCode, output: output() })) }
  }

  /** Stores contributions in the outbox. */
  async record(items: readonly unknown[]): Promise<void> {
    const { code, output } = await this.start(linesOf(items), 'record').ended
    if (code !== 0) throw new Error(`${this.language.name} cannot record: ${output}`)
  }

  /** The names of the files that wait in the outbox. */
  async waiting(): Promise<string[]> {
    return (await readdir(this.outbox)).filter((name) => /^\d/.test(name)).sort()
  }
}

export const linesOf = (items: readonly unknown[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('')
