import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { CommandFailure } from '../command.ts'
import { offline, projectDirectory } from './wrangler.ts'

/** Where a command finds the log. */
export interface DatabaseOptions {
  /** The database in production rather than the one on this machine. */
  remote: boolean
  /** Where the local database lies, as wrangler's option of that name says. */
  persistTo: string
}

/** Where wrangler keeps local state unless told otherwise. */
export const defaultPersistTo = join(projectDirectory, '.wrangler/state')

/** The log's database as a command sees it. */
export interface Database {
  db: D1Database
  /** The variable SYSTEM_USER_IDS, as it is set for the Worker. */
  systemUserIds: unknown
  /** What has been written so far, in rows as D1 counts and bills them. */
  rowsWritten: () => number
  close: () => Promise<void>
}

/** What goes over to `platformProxy.ts` and comes back. */
export type Opened = { opened: true; systemUserIds: unknown } | { opened: false; error: string }
export interface BatchRequest {
  id: number
  statements: Statement[]
}
export type BatchReply = { id: number; results: D1Result[] } | { id: number; error: string }

/** A statement that only says what it is; it becomes D1's own on the other side. */
class Statement {
  readonly sql: string
  readonly values: readonly unknown[]

  constructor(sql: string, values: readonly unknown[] = []) {
    this.sql = sql
    this.values = values
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.sql, values)
  }
}

interface Waiting {
  resolve: (results: D1Result[]) => void
  reject: (error: Error) => void
}

/** The part of a D1 binding that `log/` uses: prepare, bind, batch. */
class ProxiedDatabase {
  rowsWritten = 0
  #child: ChildProcess
  #waiting = new Map<number, Waiting>()
  #asked = 0

  constructor(child: ChildProcess, whyEnded: () => string) {
    this.#child = child
    child.on('message', (reply: BatchReply) => this.#take(reply))
    child.once('exit', () => {
      const failure = new CommandFailure(`Lost the database: ${whyEnded()}. Run the same command again`)
      for (const { reject } of this.#waiting.values()) reject(failure)
      this.#waiting.clear()
    })
  }

  prepare(sql: string): Statement {
    return new Statement(sql)
  }

  async batch(statements: Statement[]): Promise<D1Result[]> {
    if (!this.#child.connected) throw new CommandFailure('Lost the database. Run the same command again')
    this.#asked += 1
    const request: BatchRequest = {
      id: this.#asked,
      statements: statements.map(({ sql, values }) => ({ sql, values }) as Statement),
    }
    return await new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject })
      this.#child.send(request)
    })
  }

  #take(reply: BatchReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) return waiting?.reject(new Error(reply.error))
    for (const { meta } of reply.results) this.rowsWritten += meta.rows_written
    waiting?.resolve(reply.results)
  }
}

// Smaller young generations, no spare memory: the process only passes statements on.
const frugal = ['--max-semi-space-size=1', '--max-old-space-size=100']

/**
 * Opens the log's database through wrangler's platform proxy: the same binding, and locally the same file, as the
 * Worker's. Throws a CommandFailure with wrangler's own words when it cannot.
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const child = fork(join(import.meta.dirname, 'platformProxy.ts'), {
    cwd: projectDirectory,
    env: {
      ...process.env,
      ...offline,
      WRANGLER_LOG: 'error',
      MALLOC_ARENA_MAX: '1',
      NODE_COMPILE_CACHE: join(projectDirectory, 'node_modules/.cache/node'),
    },
    execArgv: frugal,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C is for us alone, so that what is under way is still written.
    detached: true,
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)))
  const whyEnded = (): string => said.trim() || 'wrangler ended without a word'
  child.send(options)
  const opened = await Promise.race([
    once(child, 'message').then(([message]): Opened => message),
    once(child, 'exit').then((): Opened => ({ opened: false, error: whyEnded() })),
  ])
  if (!opened.opened) throw new CommandFailure(`Cannot open the database: ${opened.error}`)
  const db = new ProxiedDatabase(child, whyEnded)
  return {
    db: db as unknown as D1Database,
    systemUserIds: opened.systemUserIds,
    rowsWritten: () => db.rowsWritten,
    close: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
