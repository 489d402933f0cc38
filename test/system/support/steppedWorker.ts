import { env as environment } from 'cloudflare:workers'
import perennial from '../../../src/worker.ts'

export * from '../../../src/worker.ts'

/*
 * src/worker.ts with a listener on its database. It calls the listener and waits for it before a batch, while the batch
 * runs and after the commit; the listener can kill the process at each of these steps.
 */

interface Batches {
  batch: (this: D1Database, statements: D1PreparedStatement[]) => Promise<D1Result[]>
}

const tell = async (step: string): Promise<void> => {
  const listener: Fetcher = Reflect.get(environment, 'LISTENER')
  await (await listener.fetch(`http://listener/${step}`)).text()
}

// The prototype of every D1 binding, of the Worker and of its objects.
const prototype: Batches = Object.getPrototypeOf(environment.DB)
const { batch } = prototype
prototype.batch = async function (statements) {
  await tell('before')
  const [results] = await Promise.all([batch.call(this, statements), tell('inside')])
  await tell('committed')
  return results
}

export default perennial
