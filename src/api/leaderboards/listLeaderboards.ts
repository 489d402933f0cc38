import * as z from 'zod/mini'
import { boards } from '../../contributions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { endpoint } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { callObject, logSummaryOf } from '../../projections/objects.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const listedBoard = z.strictObject({
  board: shape.boardPath.shape.board,
  title: z.string(),
  description: z.string(),
  ...shape.rule,
})

const listed = boards.map(({ board, title, description, types, countsSelf, locale }) => ({
  board,
  title,
  description,
  types,
  counts_self: countsSelf,
  locale,
}))

/** `GET /v1/leaderboards`. The position is the log summary's, so the list is available even while D1 is not. */
export const listLeaderboards = endpoint({
  id: 'listLeaderboards',
  tag: 'Leaderboards',
  summary: 'List the leaderboards',
  description: 'Every leaderboard, with the rule it counts by.',
  query: noParameters,
  answer: z.strictObject({
    leaderboards: z.array(listedBoard).check(z.length(boards.length)),
    ...shape.moment,
  }),
  cached: true,
  examples: { Now: {} },
  async handle({ env, now, timing }) {
    const summary = await timing.time(
      'object',
      callObject(
        () => logSummaryOf(env),
        async (object) => object.totals({ now, atLeast: 0 }),
      ),
    )
    if (isFailure(summary)) return summary
    const { position, ageSeconds } = summary
    return {
      body: { leaderboards: listed, as_of: formatInstant(now), position },
      freshness: 'live',
      ageSeconds,
      holds: forASecond(now),
    }
  },
})
