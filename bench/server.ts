import { join } from 'node:path'
import { Miniflare, type MiniflareOptions } from 'miniflare'
import { offline } from '../src/cli/platform/wrangler.ts'
import { applyMigrations, buildWorker, optionsOf } from './built.ts'
import { makeScratchDirectory, removeAtExit } from './scratch.ts'

/** The signing secret of the Worker under test. */
export const webhookSecret = `whsec_${Buffer.from('the secret of the benchmark, 32 B').toString('base64')}`

/** The Worker under test, on a workerd and a state of its own. */
export interface Server {
  /** The Worker's own socket on workerd: nothing stands in front of it. */
  readonly url: URL
  /** Starts workerd anew, on the same state and at another address: no object remembers anything but its storage. */
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
  ])
}

/**
 * Builds the Worker and starts it on workerd, with an empty, migrated database in a scratch directory. The
 * directory goes with the process, whatever ends it.
 */
export const startServer = async (): Promise<Server> => {
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  const directory = await makeScratchDirectory('perennial-bench-')
  const built = await buildWorker('bench/worker.ts', join(directory, 'built'))
  const objects = { BARE_OBJECTS: { className: 'BareObject', useSQLite: true } }
  const options = optionsOf(built, { bindings, objects, state: join(directory, 'state') })
  const quiet: MiniflareOptions = {
    ...options,
    // Its lines of log would be read and written again by the process that measures.
    handleStructuredLogs: ({ level, message }) => {
      if (level === 'error') console.error(message)
    },
  }
  const miniflare = new Miniflare(quiet)
  removeAtExit(directory) // once more, after miniflare's own: by then workerd has ended
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
