import { listDurableObjectIds, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { within } from './within.ts'

/** Gives an empty database the schema, in one batch: `applyD1Migrations` takes six times as long, with one for each file. */
const migrate = async (): Promise<void> => {
  const statements = env.TEST_MIGRATIONS.flatMap(({ queries }) => queries)
  await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)))
}

/** Deletes the storage of the database and of all objects in memory: `reset` spares what workerd has freed after 10 s idle. */
const wipe = async (): Promise<void> => {
  await env.DB.prepare('SELECT 1').run() // loads the database
  await reset()
}

/** Empties the log and deletes the storage of all objects. */
export const freshLog = async (): Promise<void> => {
  await within('Deleting all objects', wipe())
  await within('Migrating the database', migrate())
}

// Other bindings are proxies, which seem to have every method.
const isNamespace = (binding: object | string): binding is DurableObjectNamespace =>
  binding.constructor.name === 'DurableObjectNamespace'

/** Loads every object that has a file, so that `wipe` deletes its storage. Rankings store nothing, and want their names. */
const loadObjects = async (): Promise<void> => {
  for (const namespace of Object.values(env).filter(isNamespace)) {
    if (namespace === env.RANKINGS) continue
    const ids = await listDurableObjectIds(namespace)
    await Promise.all(ids.map((id) => runInDurableObject(namespace.get(id), () => undefined)))
  }
}

/** Leaves nothing of the test files before, which ran in the same workerd. */
export const freshWorkerd = async (): Promise<void> => {
  await wipe()
  await within('Loading all objects', loadObjects())
  await freshLog()
}
