import * as z from 'zod/mini'
import { boards } from '../../definitions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { readSummary } from '../readSummary.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

/** A board as lists show it. */
export const listedBoard = z.strictObject({
  board: shape.boardPath.shape.board,
  ...shape.labels,
  ...shape.rule,
})

/** Every board as lists show it. */
export const listedBoards = boards.map(({ board, title, description, types, countsSelf, locale }) => ({
  board,
  title,
  description,
  types,
  counts_self: countsSelf,
  locale,
}))

/** `GET /v1/leaderboards`. The position comes from the log summary, so it answers even while D1 is down. */
export const listLeaderboards = endpoint({
  id: 'listLeaderboards',
  tag: 'Leaderboards',
  summary: 'List the leaderboards',
  description: 'Every leaderboard with its rule.',
  query: noParameters,
  answer: z.strictObject({
    leaderboards: z
      .array(listedBoard)
      .check(z.length(boards.length))
      .register(documented, { description: 'Every leaderboard, as the definitions order them' }),
    ...shape.moment,
  }),
  cached: true,
  examples: { Now: {} },
  async handle(call) {
    const summary = await readSummary(call)
    if (isFailure(summary)) return summary
    const { position, ageSeconds } = summary
    return {
      body: { leaderboards: listedBoards, as_of: formatInstant(call.now), position },
      freshness: 'live',
      ageSeconds,
      holds: forASecond(call.now),
    }
  },
})
