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

/** A Worker as a deployment would carry it. */
export interface BuiltWorker {
  directory: string
  file: string
}

/** Bundles a file that exports a Worker into a directory. Throws a CommandFailure with what wrangler says. */
export const buildWorker = async (entry: string, directory: string): Promise<BuiltWorker> => {
  const options = ['--config', configPath, '--dry-run', '--outdir', directory]
  const { code, output } = await runWrangler(['deploy', entry, ...options])
  if (code !== 0) throw new CommandFailure(`Cannot build the Worker: ${output.trim()}`)
  return { directory, file: join(directory, 'worker.js') }
}

/** What a built Worker is given beyond wrangler.toml, and the directory of its state. */
export interface Surroundings {
  bindings: Record<string, string>
  objects?: V4WorkerOptions['durableObjects']
  state: string
}

/** wrangler's reading of wrangler.toml as miniflare's options, with the built Worker in the source's place. They are plain JSON. */
export const optionsOf = (
  { directory, file }: BuiltWorker,
  { bindings, objects, state }: Surroundings,
): MiniflareOptions => {
  const { workerOptions, externalWorkers } = getMiniflareWorkerOptions(configPath)
  // The bundle is one module: rules for others have no use, and miniflare 5 takes none. Static files are no part of
  // what is tried: here they would put Workers of miniflare's in front, which production has outside the Worker.
  const { modulesRules: _, assets: __, ...options } = workerOptions
  const own = options as Pick<V4WorkerOptions, 'bindings' | 'durableObjects'>
  const worker = {
    ...options,
    name: 'perennial',
    modules: [{ type: 'ESModule' as const, path: file }],
    modulesRoot: directory,
    // Its own socket: a request to miniflare's passes a Worker of miniflare's first, which costs as much again.
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    bindings: { ...own.bindings, ...bindings },
    durableObjects: { ...own.durableObjects, ...objects },
  }
  const shared: V4MiniflareOptions = { workers: [worker, ...externalWorkers], cf: false, logRequests: false }
  return { ...convertV4MiniflareOptions(shared), resourcePersistencePath: state }
}

/** Brings the empty database of a built Worker up to the newest migration. */
export const applyMigrations = async (miniflare: Miniflare): Promise<void> => {
  const db = await miniflare.getD1Database('DB')
  const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of names) {
    const statements = splitSqlQuery(await readFile(join(migrationsDirectory, name), 'utf8'))
    await db.batch(statements.map((sql) => db.prepare(sql)))
  }
}
