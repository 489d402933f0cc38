import * as z from 'zod/mini'
import { misconfigurations, variableNames } from '../../configuration.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { aboutLog } from '../../memory/AnswerMemory.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const answer = z.strictObject({
  status: described(z.enum(['ok', 'misconfigured']), '`misconfigured` if a variable is invalid'),
  position: shape.position,
  misconfigured: z
    .optional(
      z
        .array(
          z.strictObject({
            variable: described(z.enum(variableNames), 'The name of the variable'),
            detail: z
              .string()
              .register(documented, { description: 'What is wrong with it, and what to use instead' }),
          }),
        )
        .check(z.minLength(1)),
    )
    .register(documented, { description: 'The invalid variables; left out if there are none' }),
})

/** `GET /healthz`. */
export const readHealth = endpoint({
  id: 'readHealth',
  tag: 'Operating',
  summary: 'Health check',
  description:
    'For monitoring. The status is `ok` if the log can be read and every variable of the service is valid. Otherwise `misconfigured` lists the invalid variables: requests that need them get a 503, and all others are answered.',
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
      holds: aboutLog(now),
    }
  },
})
