import type { HandlerOf } from '../http/route.ts'
import { ask, readPosition } from '../log/database.ts'
import { readHealthOperation } from './operations/readHealth.ts'

/** `GET /healthz`: ok when the log answers. */
export const readHealth: HandlerOf<typeof readHealthOperation> = async ({ env, timing }) => {
  const [position] = await timing.time('log', ask(env.DB, readPosition(env.DB)))
  return { body: { status: 'ok', position }, freshness: 'never' }
}
