import { misconfigurations } from '../configuration.ts'
import type { HandlerOf } from '../http/route.ts'
import { ask, readPosition } from '../log/database.ts'
import { readHealthOperation } from './operations/readHealth.ts'

/** `GET /healthz`: ok when the log answers and every variable can be used. */
export const readHealth: HandlerOf<typeof readHealthOperation> = async ({ env, timing }) => {
  const [position] = await timing.time('log', ask(env.DB, readPosition(env.DB)))
  const wrong = misconfigurations(env)
  if (wrong.length === 0) return { body: { status: 'ok', position }, freshness: 'never' }
  const misconfigured = wrong.map(({ variable, message }) => ({ variable, detail: message }))
  return { body: { status: 'misconfigured', position, misconfigured }, freshness: 'never' }
}
