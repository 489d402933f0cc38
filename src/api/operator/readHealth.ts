import * as z from 'zod/mini'
import { misconfigurations, variableNames } from '../../configuration.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const answer = z.strictObject({
  status: z.enum(['ok', 'misconfigured']),
  position: shape.position,
  misconfigured: z.optional(
    z
      .array(
        z.strictObject({
          variable: z.enum(variableNames),
          detail: z.string().register(documented, { description: 'What to use instead' }),
        }),
      )
      .check(z.minLength(1)),
  ),
})

/** `GET /healthz`. */
export const readHealth = endpoint({
  id: 'readHealth',
  tag: 'Operating',
  summary: 'Health check',
  description:
    'For monitoring: `ok` when the log can be read and every variable of the service is valid. `misconfigured` names the variables that are not: requests that need them are refused with 503, all others are answered.',
  query: noParameters,
  answer,
  cached: false,
  examples: { Now: {} },
  async handle({ env, now, timing }) {
    const [position] = await timing.time('log', runBatch(env.DB, readPosition(env.DB)))
    const wrong = misconfigurations(env)
    const misconfigured = wrong.map(({ variable, message }) => ({ variable, detail: message }))
    return {
      body:
        wrong.length === 0
          ? { status: 'ok' as const, position }
          : { status: 'misconfigured' as const, position, misconfigured },
      freshness: 'never',
      holds: forASecond(now),
    }
  },
})
