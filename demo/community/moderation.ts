import type { RetractionReason } from '../../src/contributions/contribution.ts'
import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import { aMessage, type SentContribution, type SentMessage } from './message.ts'
import type { World } from './world.ts'

/** Of the solutions, how many are taken back, and of these, how many are chosen again after all. */
const unsolved = 0.05
const solvedAgain = 0.4

const retracted = (
  at: Instant,
  { content }: Pick<SentContribution, 'content'>,
  reason: RetractionReason,
  type?: 'solution',
): SentMessage => aMessage('contribution.retracted', at, { content, reason, ...(type && { type }) })

/** Askers who change their mind, some of them twice. */
export const changeMinds = (
  { chance, rhythm }: World,
  solutions: readonly { at: Instant; contribution: SentContribution }[],
): SentMessage[] =>
  solutions.flatMap(({ at, contribution: { content } }) => {
    if (!chance.happens(unsolved)) return []
    const takenBackAt = rhythm.after(at, 3 * dayMilliseconds)
    const takenBack = retracted(takenBackAt, { content }, 'unsolved', 'solution')
    if (!chance.happens(solvedAgain)) return [takenBack]
    const againAt = rhythm.after(takenBackAt, 2 * dayMilliseconds)
    return [takenBack, aMessage('contribution.restored', againAt, { content, type: 'solution' })]
  })

/** Contents that moderators take for spam within days; `mistaken` of them are given back. */
export const removeSpam = (
  { rhythm, chance }: World,
  spam: readonly { at: Instant; content: SentContribution['content'] }[],
  mistaken: boolean,
): SentMessage[] =>
  spam.flatMap(({ at, content }) => {
    const removedAt = rhythm.after(at, 1.5 * dayMilliseconds)
    const removed = retracted(removedAt, { content }, 'spam')
    if (!mistaken) return [removed]
    const reason = chance.happens(0.5) ? { reason: 'mistake' } : {}
    const restoredAt = rhythm.after(removedAt, dayMilliseconds)
    return [removed, aMessage('contribution.restored', restoredAt, { content, ...reason })]
  })
