import * as z from 'zod/mini'
import { boards } from '../../../contributions/definitions.ts'
import { describe } from '../../../openapi/operation.ts'
import { noParameters } from '../../parameters.ts'
import { boardPath } from '../../paths.ts'
import { moment, rule } from '../../shapes.ts'

const listedBoard = z.strictObject({
  board: boardPath.shape.board,
  title: z.string(),
  description: z.string(),
  ...rule,
})

const leaderboardsAnswer = z.strictObject({
  leaderboards: z.array(listedBoard).check(z.length(boards.length)),
  ...moment,
})

export const listLeaderboardsOperation = describe({
  id: 'listLeaderboards',
  tag: 'Leaderboards',
  summary: 'Every board and what it counts',
  description: 'The rankings that can be asked for, with the rule that each one counts by.',
  query: noParameters,
  answer: leaderboardsAnswer,
  cached: true,
  examples: { Now: {} },
})
