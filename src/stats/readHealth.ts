import type { Answer } from '../http/answer.ts'
import type { Call } from '../http/router.ts'
import { ask, readPosition } from '../log/database.ts'

/** `GET /healthz`: ok when the log answers. */
export const readHealth = async ({ env, timing }: Call): Promise<Answer> => {
  const [position] = await timing.time('log', ask(env.DB, readPosition(env.DB)))
  return { body: { status: 'ok', position }, freshness: 'never' }
}
