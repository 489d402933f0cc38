import { env as environment } from 'cloudflare:workers'
import perennial from '../../../src/worker.ts'

export * from '../../../src/worker.ts'

/*
 * src/worker.ts with a listener at its database: before a batch, while it is under way and when it is committed, the
 * listener is told and waited for, which is where it can kill all of this.
 */

interface Batches {
  batch: (this: D1Database, statements: D1PreparedStatement[]) => Promise<D1Result[]>
}

const tell = async (step: string): Promise<void> => {
  const listener: Fetcher = Reflect.get(environment, 'LISTENER')
  await (await listener.fetch(`http://listener/${step}`)).text()
}

// The prototype of every binding to D1, the Worker's and its objects'.
const prototype: Batches = Object.getPrototypeOf(environment.DB)
const { batch } = prototype
prototype.batch = async function (statements) {
  await tell('before')
  const [results] = await Promise.all([batch.call(this, statements), tell('inside')])
  await tell('committed')
  return results
}

export default perennial
