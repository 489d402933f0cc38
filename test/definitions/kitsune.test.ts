import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { rules } from '../support/oracleRules.ts'

/*
 * The tables of the contract (sections 6 and 7), written by hand so that they can disagree with definitions.json.
 */

interface Counted {
  type: string
  locale?: string
  self?: boolean
}

const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']

const notSelf = (one: Counted): boolean => one.self !== true
const inDefault = (one: Counted): boolean => one.locale === 'en-US'
const inOther = (one: Counted): boolean => (one.locale ?? '') !== '' && one.locale !== 'en-US'
const edited = (one: Counted): boolean => one.type === 'kb_edit'
const editedOrReviewed = (one: Counted): boolean => one.type === 'kb_edit' || one.type === 'kb_review'
const active = (one: Counted): boolean => one.type !== 'question' && notSelf(one)

/** Which contributions a board counts. */
const boardRules: Record<string, (one: Counted) => boolean> = {
  'support-forum': (one) => one.type === 'answer' && notSelf(one),
  solutions: (one) => one.type === 'solution' && notSelf(one),
  questions: (one) => one.type === 'question',
  kb: (one) => edited(one) && inDefault(one),
  l10n: (one) => edited(one) && inOther(one),
  reviews: (one) => one.type === 'kb_review',
  helpful: (one) => one.type === 'helpful_vote',
  overall: active,
}

/** Which contributions a metric counts, and how many a user needs. */
const metricRules: Record<string, [(one: Counted) => boolean, number]> = {
  support_forum_contributors: [(one) => one.type === 'answer' && notSelf(one), 10],
  kb_contributors: [(one) => editedOrReviewed(one) && inDefault(one), 1],
  l10n_contributors: [(one) => editedOrReviewed(one) && inOther(one), 1],
  active_contributors: [active, 1],
}

const contribution = fc.record(
  {
    type: fc.constantFrom(...types),
    locale: fc.constantFrom('', 'en-US', 'en-us', 'de'),
    self: fc.boolean(),
  },
  { requiredKeys: ['type'] },
)

it('the boards and metrics of the project count what the contract says', () => {
  expect(rules.types).toEqual(types)
  expect(Object.keys(rules.boards)).toEqual(Object.keys(boardRules))
  expect(Object.keys(rules.metrics)).toEqual(Object.keys(metricRules))
  fc.assert(
    fc.property(contribution, (one) => {
      for (const [board, rule] of Object.entries(boardRules))
        expect(rules.boards[board]?.(one), board).toBe(rule(one))
      for (const [metric, [rule, min]] of Object.entries(metricRules))
        expect([rules.metrics[metric]?.[0](one), rules.metrics[metric]?.[1]], metric).toEqual([
          rule(one),
          min,
        ])
    }),
    { numRuns: 500 },
  )
})
