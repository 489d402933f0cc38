import { rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  convertV4MiniflareOptions,
  Miniflare,
  type V4MiniflareOptions,
  type V4WorkerOptions,
} from 'miniflare'
import {
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_splitSqlQuery as splitSqlQuery,
} from 'wrangler'
import { CommandFailure } from '../src/cli/command.ts'
import { offline, projectDirectory, runWrangler } from '../src/cli/wrangler.ts'

const configPath = join(projectDirectory, 'wrangler.toml')
const migrationsDirectory = join(projectDirectory, 'migrations')

/** The signing secret of the Worker under test. */
export const webhookSecret = `whsec_${Buffer.from('the secret of the benchmark, 32 B').toString('base64')}`

/** The Worker under test, on a workerd and a state of its own. */
export interface Server {
  /** The Worker's own socket on workerd: nothing stands in front of it. */
  url: URL
  /** Stops workerd. */
  stop(): Promise<void>
}

/** Bundles bench/worker.ts as a deployment would be, into a directory. */
const build = async (directory: string): Promise<void> => {
  const options = ['--config', configPath, '--dry-run', '--outdir', directory]
  const { code, output } = await runWrangler(['deploy', 'bench/worker.ts', ...options])
  if (code !== 0) throw new CommandFailure(`Cannot build the Worker: ${output.trim()}`)
}

/** wrangler's reading of wrangler.toml, with the built Worker in the source's place and the bench's own bindings. */
const workerOptionsOf = (built: string): V4MiniflareOptions => {
  const { workerOptions, externalWorkers } = getMiniflareWorkerOptions(configPath)
  // The bundle is one module: rules for others have no use, and miniflare 5 takes none. Static files are no part of
  // what is measured: here they would put Workers of miniflare's in front, which production has outside the Worker.
  const { modulesRules: _, assets: __, ...options } = workerOptions
  const { bindings, durableObjects } = options as Pick<V4WorkerOptions, 'bindings' | 'durableObjects'>
  const worker = {
    ...options,
    name: 'perennial',
    modules: [{ type: 'ESModule' as const, path: join(built, 'worker.js') }],
    modulesRoot: built,
    // Its own socket: a request to miniflare's passes a Worker of miniflare's first, which costs as much again.
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    bindings: {
      ...bindings,
      WEBHOOK_SECRETS: webhookSecret,
      ADMIN_TOKEN: 'the-operator-of-the-bench',
      RATE_LIMITS: 'off',
    },
    durableObjects: { ...durableObjects, BARE_OBJECTS: { className: 'BareObject', useSQLite: true } },
  }
  return {
    workers: [worker, ...externalWorkers],
    cf: false,
    logRequests: false,
    // Its lines of log would be read and written again by the process that measures.
    handleStructuredLogs: ({ level, message }) => {
      if (level === 'error') console.error(message)
    },
  }
}

const prepareDatabase = async (miniflare: Miniflare): Promise<void> => {
  const db = await miniflare.getD1Database('DB')
  const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of names) {
    const statements = splitSqlQuery(await readFile(join(migrationsDirectory, name), 'utf8'))
    await db.batch(statements.map((sql) => db.prepare(sql)))
  }
  await db.batch([
    db.prepare('CREATE TABLE bench_rows (id INTEGER PRIMARY KEY, value TEXT NOT NULL) STRICT'),
    db.prepare(`INSERT INTO bench_rows (value) VALUES ('the first')`),
  ])
}

/** Removes a directory when this process ends, by a signal too. */
const removeAtExit = (directory: string): void => {
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
}

/**
 * Builds the Worker and starts it on workerd, with an empty, migrated database in a scratch directory. The
 * directory goes with the process, whatever ends it.
 */
export const startServer = async (): Promise<Server> => {
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  const directory = await mkdtemp(join(tmpdir(), 'perennial-bench-'))
  removeAtExit(directory)
  const built = join(directory, 'built')
  await build(built)
  const options = convertV4MiniflareOptions(workerOptionsOf(built))
  const miniflare = new Miniflare({ ...options, resourcePersistencePath: join(directory, 'state') })
  removeAtExit(directory) // once more, after miniflare's own: by then workerd has ended
  const stop = async (): Promise<void> => await miniflare.dispose()
  try {
    await prepareDatabase(miniflare)
    return { url: await miniflare.unsafeGetDirectURL(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
