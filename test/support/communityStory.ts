import * as fc from 'fast-check'
import { noon } from './clock.ts'
import { startOf } from './oracleCalendar.ts'
import type { SentContribution, SentMessage } from './oracle.ts'

/*
 * Random communities of few people and questions, with replies, corrections, amendments and groups, in random order.
 * Instants lie at the edges of intervals, and of 24 and 72 hours after them, give or take a millisecond.
 */

const hour = 3_600_000

export const timeZones = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Apia'] as const

const edgeDays = [
  '2025-12-29',
  '2026-01-01',
  '2026-10-01',
  '2026-10-26',
  '2026-11-02',
  '2026-11-09',
  '2026-11-16',
]

const instant = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...edgeDays), fc.constantFrom(...timeZones))
        .map(([date, zone]) => startOf(date, zone)),
      fc.constantFrom(72, 48, 3, 1).map((hours) => noon - hours * hour),
    ),
    fc.constantFrom(0, 0, 0.5, 24, 72),
    fc.constantFrom(-1, 0, 0, 1),
  )
  .map(([edge, hours, off]) => new Date(Math.min(edge + hours * hour + off, noon - 1)).toISOString())

const timestamp = fc
  .constantFrom(1, 1, 2, 3, 4)
  .map((minutes) => new Date(noon - minutes * 60_000).toISOString())

const userId = fc.constantFrom(1, 2, 3, 4, 900)

const question = fc.constantFrom('q1', 'q1', 'q2', 'q3').map((id) => ({ type: 'questions.question', id }))

const optionally: { requiredKeys: [] } = { requiredKeys: [] }

const values = {
  locale: fc.constantFrom('en-US', 'de'),
  product: fc.constantFrom('firefox', 'thunderbird'),
  self: fc.boolean(),
}

const own = fc
  .constantFrom('a1', 'a2', 'a3', 'a4', 'a5', 'a6')
  .map((id) => ({ type: 'questions.answer', id }))

const contribution: fc.Arbitrary<SentContribution> = fc
  .tuple(
    fc.constantFrom('question', 'answer', 'answer', 'solution', 'kb_edit'),
    fc.record({ user: userId.map((id) => ({ id })), occurred_at: instant }),
    question,
    own,
    fc.record({ parent: question, ...values }, optionally),
  )
  .map(([type, facts, about, content, rest]) => ({
    type,
    ...facts,
    ...rest,
    content: type === 'question' ? about : content,
  }))

const contributions = fc.uniqueArray(contribution, {
  minLength: 4,
  maxLength: 16,
  selector: ({ type, content }) => JSON.stringify([type, content]),
})

const anyContent = fc.oneof(question, own)

const correction = fc
  .tuple(anyContent, fc.constantFrom('retracted', 'retracted', 'restored'))
  .map(([content, kind]) => ({ type: `contribution.${kind}`, data: { content, reason: 'spam' } }))

const amendment = fc
  .tuple(
    anyContent,
    fc
      .record({ user: userId.map((id) => ({ id })), parent: fc.option(question), ...values }, optionally)
      .filter((set) => Object.keys(set).length > 0),
  )
  .map(([content, set]) => ({ type: 'contribution.amended', data: { content, set } }))

const userUpdate = fc
  .tuple(
    userId,
    fc.record(
      {
        is_system: fc.boolean(),
        is_hidden: fc.boolean(),
        groups: fc.subarray(['staff', 'l10n'], { minLength: 0 }),
      },
      optionally,
    ),
  )
  .map(([id, fields]) => ({ type: 'user.updated', data: { id, ...fields } }))

const deletion = fc
  .tuple(anyContent, fc.constantFrom('deleted', 'undeleted'))
  .map(([content, kind]) => ({ type: `content.${kind}`, data: { content } }))

const later = fc.oneof(
  { weight: 3, arbitrary: correction },
  { weight: 4, arbitrary: amendment },
  { weight: 2, arbitrary: userUpdate },
  { weight: 1, arbitrary: deletion },
  { weight: 1, arbitrary: userId.map((id) => ({ type: 'user.erased', data: { id } })) },
)

const facts: fc.Arbitrary<SentMessage[]> = fc
  .tuple(
    fc.array(fc.tuple(timestamp, contributions), { minLength: 1, maxLength: 1 }),
    fc.array(fc.tuple(timestamp, later), { maxLength: 12, size: '+1' }),
  )
  .map(([created, rest]) => [
    ...created.flatMap(([at, all]) =>
      all.map((data) => ({ type: 'contribution.created', timestamp: at, data })),
    ),
    ...rest.map(([at, { type, data }]) => ({ type, timestamp: at, data })),
  ])

/** Each fact once, and the facts in a random order with some repeated. */
export interface CommunityStory {
  facts: SentMessage[]
  deliveries: SentMessage[]
}

export const communityStory: fc.Arbitrary<CommunityStory> = facts.chain((all) =>
  fc
    .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all, { maxLength: 3 }))
    .map(([once, again]) => ({ facts: all, deliveries: [...once, ...again] })),
)

/** An instant for `as_of` at an edge; undefined for the present. */
export const communityMoment = fc.option(
  fc
    .tuple(fc.constantFrom(...edgeDays), fc.constantFrom(0, 1, 24, 72), fc.constantFrom(-1, 0, 1))
    .map(([date, hours, off]) => startOf(date, 'UTC') + hours * hour + off),
  { nil: undefined, freq: 1 },
)
