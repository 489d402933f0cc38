import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { CommandFailure } from '../command.ts'
import type { DatabaseOptions } from './databaseOptions.ts'
import { offline, projectDirectory } from './wrangler.ts'

/** The database of the log, opened for a command. */
export interface Database {
  db: D1Database
  /** The Worker's variable SYSTEM_USER_IDS, unparsed. */
  systemUserIds: unknown
  /** The number of rows written so far, as D1 counts and bills them. */
  rowsWritten: () => number
  close: () => Promise<void>
}

/** The messages between this process and `databaseProcess.ts`, which forwards the JSON in them unparsed. */
export type Opened = { opened: true; systemUserIds: unknown } | { opened: false; error: string }
export interface BatchRequest {
  id: number
  /** The JSON of an array of statements. */
  statements: string
}
export interface BatchReply {
  id: number
  /** The JSON of an Outcome. */
  outcome: string
}
type Outcome = { results: D1Result[] } | { error: string }

/** A statement as plain data. The database process converts it to a D1 statement. */
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

interface PendingBatch {
  resolve: (results: D1Result[]) => void
  reject: (error: Error) => void
}

/** The part of a D1 binding that `src/log/` uses: prepare, bind, batch. */
class ProxiedDatabase {
  rowsWritten = 0
  #child: ChildProcess
  #pending = new Map<number, PendingBatch>()
  #lastId = 0

  constructor(child: ChildProcess, whyEnded: () => string) {
    this.#child = child
    child.on('message', (reply: BatchReply) => this.#settle(reply))
    child.once('exit', () => {
      const failure = new CommandFailure(
        `Lost the connection to the database: ${whyEnded()}. Run the same command again`,
      )
      for (const { reject } of this.#pending.values()) reject(failure)
      this.#pending.clear()
    })
  }

  prepare(sql: string): Statement {
    return new Statement(sql)
  }

  async batch(statements: Statement[]): Promise<D1Result[]> {
    if (!this.#child.connected)
      throw new CommandFailure('Lost the connection to the database. Run the same command again')
    this.#lastId += 1
    const request: BatchRequest = { id: this.#lastId, statements: JSON.stringify(statements) }
    return await new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject })
      this.#child.send(request)
    })
  }

  /** Drops the batches in flight. Their promises never settle, because a caller that closes the database needs no result. */
  forget(): void {
    this.#pending.clear()
  }

  #settle(reply: BatchReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    const outcome = JSON.parse(reply.outcome) as Outcome
    if ('error' in outcome) return pending?.reject(new Error(outcome.error))
    for (const { meta } of outcome.results) this.rowsWritten += meta.rows_written
    pending?.resolve(outcome.results)
  }
}

// The process only forwards statements, so it needs little memory.
const memoryLimits = ['--max-semi-space-size=4', '--max-old-space-size=100']

/**
 * Opens the database of the log as the Worker does: with its binding and, locally, its file. The caller must close it.
 * Throws a CommandFailure with wrangler's error, or the reason of `stop` if that aborts before it is open.
 */
export const openDatabase = async (options: DatabaseOptions, stop?: AbortSignal): Promise<Database> => {
  stop?.throwIfAborted()
  const child = fork(join(import.meta.dirname, 'databaseProcess.ts'), {
    cwd: projectDirectory,
    env: {
      ...process.env,
      ...offline,
      WRANGLER_LOG: 'error',
      MALLOC_ARENA_MAX: '1',
      NODE_COMPILE_CACHE: join(projectDirectory, 'node_modules/.cache/node'),
    },
    execArgv: memoryLimits,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In its own process group, it does not receive Ctrl-C, so the batch in flight is completed.
    detached: true,
  })
  let errorOutput = ''
  child.stderr?.on(
    'data',
    (chunk: Buffer) => (errorOutput = `${errorOutput}${chunk.toString()}`.slice(-2000)),
  )
  const whyEnded = (): string => errorOutput.trim() || 'wrangler exited without output'
  child.send(options)
  const opened = await Promise.race([
    once(child, 'message', { ...(stop && { signal: stop }) }).then(([message]): Opened => message),
    once(child, 'exit').then((): Opened => ({ opened: false, error: whyEnded() })),
  ]).catch((error: unknown) => {
    child.kill()
    throw stop?.aborted ? stop.reason : error
  })
  if (!opened.opened) throw new CommandFailure(`Cannot open the database: ${opened.error}`)
  const db = new ProxiedDatabase(child, whyEnded)
  return {
    db: db as unknown as D1Database,
    systemUserIds: opened.systemUserIds,
    rowsWritten: () => db.rowsWritten,
    close: async () => {
      db.forget()
      if (!child.connected) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** Opens the database, and closes it when `use` has finished. */
export const withDatabase = async <Value>(
  options: DatabaseOptions,
  use: (database: Database) => Promise<Value>,
): Promise<Value> => {
  const database = await openDatabase(options)
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}
