import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  convertV4MiniflareOptions,
  type Miniflare,
  type MiniflareOptions,
  type V4MiniflareOptions,
  type V4WorkerOptions,
} from 'miniflare'
import {
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_splitSqlQuery as splitSqlQuery,
} from 'wrangler'
import { CommandFailure } from '../src/cli/command.ts'
import { projectDirectory, runWrangler } from '../src/cli/platform/wrangler.ts'

const configPath = join(projectDirectory, 'wrangler.toml')
const migrationsDirectory = join(projectDirectory, 'migrations')

/** A Worker bundled as for a deployment. */
export interface BuiltWorker {
  directory: string
  file: string
}

/** Bundles a Worker into a directory. Throws a CommandFailure with wrangler's output. */
export const buildWorker = async (entry: string, directory: string): Promise<BuiltWorker> => {
  const options = ['--config', configPath, '--dry-run', '--outdir', directory]
  const { code, output } = await runWrangler(['deploy', entry, ...options])
  if (code !== 0) throw new CommandFailure(`Cannot build the Worker: ${output.trim()}`)
  return { directory, file: join(directory, 'worker.js') }
}

/** Additional bindings and Durable Objects of a built Worker, and the directory of its state. */
export interface Surroundings {
  bindings: Record<string, string>
  objects?: V4WorkerOptions['durableObjects']
  state: string
  /**
   * Serves static assets, and lets a request fire the cron trigger, as `wrangler dev` does. Makes every request more
   * expensive.
   */
  likeDev?: boolean
}

/** Miniflare options derived from wrangler.toml, with the built Worker instead of its source. They are plain JSON. */
export const optionsOf = (
  { directory, file }: BuiltWorker,
  { bindings, objects, state, likeDev = false }: Surroundings,
): MiniflareOptions => {
  const { workerOptions, externalWorkers } = getMiniflareWorkerOptions(configPath)
  // The bundle is a single module, and miniflare 5 accepts no module rules.
  const { modulesRules: _, assets: __, ...options } = workerOptions
  const own = workerOptions as Required<Pick<V4WorkerOptions, 'assets' | 'bindings' | 'durableObjects'>>
  const worker = {
    ...options,
    name: 'perennial',
    modules: [{ type: 'ESModule' as const, path: file }],
    modulesRoot: directory,
    // A socket directly to the Worker. Miniflare's default socket goes through a second Worker, which doubles the cost
    // of a request, and static assets through two more. In production they are served outside the Worker.
    ...(likeDev ? { assets: own.assets } : { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }),
    bindings: { ...own.bindings, ...bindings },
    durableObjects: { ...own.durableObjects, ...objects },
  }
  const workers = [worker, ...externalWorkers]
  const shared: V4MiniflareOptions = {
    workers,
    cf: false,
    logRequests: false,
    unsafeTriggerHandlers: likeDev,
  }
  return { ...convertV4MiniflareOptions(shared), resourcePersistencePath: state }
}

/** Applies all migrations to the empty database of a built Worker. */
export const applyMigrations = async (miniflare: Miniflare): Promise<void> => {
  const db = await miniflare.getD1Database('DB')
  const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of names) {
    const statements = splitSqlQuery(await readFile(join(migrationsDirectory, name), 'utf8'))
    await db.batch(statements.map((sql) => db.prepare(sql)))
  }
}
