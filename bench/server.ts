import { join } from 'node:path'
import { Miniflare, type MiniflareOptions } from 'miniflare'
import { offline } from '../src/cli/platform/wrangler.ts'
import { applyMigrations, buildWorker, optionsOf } from './built.ts'
import { makeScratchDirectory, removeAtExit } from './scratch.ts'

/** The signing secret of the Worker under test. */
export const webhookSecret = `whsec_${Buffer.from('the secret of the benchmark, 32 B').toString('base64')}`

/** The Worker under test, on its own workerd with its own state. */
export interface Server {
  /** The address of the Worker's own socket, without a proxy in front of it. */
  readonly url: URL
  /** Restarts workerd with the same state, at another address. Objects keep only their storage. */
  restart(): Promise<void>
  /** Stops workerd. */
  stop(): Promise<void>
}

const bindings = {
  WEBHOOK_SECRETS: webhookSecret,
  ADMIN_TOKEN: 'the-operator-of-the-bench',
  RATE_LIMITS: 'off',
}

const prepareDatabase = async (miniflare: Miniflare): Promise<void> => {
  await applyMigrations(miniflare)
  const db = await miniflare.getD1Database('DB')
  await db.batch([
    db.prepare('CREATE TABLE bench_rows (id INTEGER PRIMARY KEY, value TEXT NOT NULL) STRICT'),
    db.prepare(`INSERT INTO bench_rows (value) VALUES ('the first')`),
    db.prepare(
      `CREATE TABLE bench_events (position INTEGER PRIMARY KEY, type TEXT NOT NULL, content TEXT NOT NULL, user_id INTEGER NOT NULL,
        occurred_at INTEGER NOT NULL, parent TEXT, locale TEXT NOT NULL, product TEXT NOT NULL) STRICT`,
    ),
    db.prepare('CREATE UNIQUE INDEX bench_identity ON bench_events (type, content)'),
    db.prepare('CREATE INDEX bench_by_user ON bench_events (user_id, position)'),
    db.prepare('CREATE INDEX bench_by_window ON bench_events (type, occurred_at, user_id)'),
  ])
}

/**
 * Builds the Worker and starts it on workerd, with an empty, migrated database in a temporary directory that is removed when
 * the process exits.
 */
export const startServer = async (): Promise<Server> => {
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  const directory = await makeScratchDirectory('perennial-bench-')
  const built = await buildWorker('bench/worker.ts', join(directory, 'built'))
  const objects = { BARE_OBJECTS: { className: 'BareObject', useSQLite: true } }
  const options = optionsOf(built, { bindings, objects, state: join(directory, 'state') })
  const quiet: MiniflareOptions = {
    ...options,
    // Copying the Worker's log lines would cost time in the process that measures.
    handleStructuredLogs: ({ level, message }) => {
      if (level === 'error') console.error(message)
    },
  }
  const miniflare = new Miniflare(quiet)
  removeAtExit(directory) // registered again, to run after miniflare's own handler, which ends workerd
  const stop = async (): Promise<void> => await miniflare.dispose()
  try {
    await prepareDatabase(miniflare)
    let url = await miniflare.unsafeGetDirectURL()
    return {
      get url() {
        return url
      },
      async restart() {
        await miniflare.setOptions(quiet)
        url = await miniflare.unsafeGetDirectURL()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
