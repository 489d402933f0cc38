import type { SentContribution } from '../../support/oracle.ts'
import { Random } from './random.ts'

/*
 * The made-up community that the soak tells of. Few users and few values, so that whatever can meet does meet; what
 * happened lies around the moment at which the soak began, and much of it on the edge of a window, so that it
 * leaves the window while the soak runs.
 */

const day = 86_400_000

/** Users who contribute; the busiest has the least id. */
export const contributors = 300

/** Users of whom only `user.updated` tells. */
export const bystanders = 10

/** The first of those contributors who may be erased: with all of them erased, there is still a community. */
export const firstErasable = 271

/** The accounts in SYSTEM_USER_IDS. */
export const systemUsers: readonly [number, number] = [900, 901]

/** Nobody ever names this one. */
export const stranger = 5000

/** The values of filters; the empty one asks for contributions without any. */
export const locales: readonly [string, ...string[]] = ['en-US', 'de', 'fr', '']
export const products: readonly [string, ...string[]] = ['firefox', 'thunderbird', '']

/** Names with what tends to go wrong: case beyond ASCII, formulas, quotes, markup, code points beyond 2^16. */
export const names: readonly [string | null, ...(string | null)[]] = [
  'ana',
  'Ana',
  'ÉLODIE',
  'élodie',
  'Straße',
  '=1+1',
  'a,"b"',
  '<b>bo</b>',
  '\u{1f600}',
  null,
]

/** Each content has two types about it, or one each: an answer and its being chosen; an edit and its review. */
const kinds: readonly [[number, Kind], ...[number, Kind][]] = [
  [5, { types: ['answer', 'solution'], contents: ['questions.answer', 'questions.answer'] }],
  [3, { types: ['kb_edit', 'kb_review'], contents: ['wiki.revision', 'wiki.revision'] }],
  [2, { types: ['question', 'helpful_vote'], contents: ['questions.question', 'questions.answervote'] }],
]

interface Kind {
  types: [string, string]
  contents: [string, string]
}

/** A user, the first ones far more often than the last. */
export const aUser = (random: Random): number => 1 + Math.floor(contributors * random.share() ** 3)

const anInstant = (random: Random, startedAt: number, runMilliseconds: number): number => {
  const about = random.weighed([
    [3, 'the last year'],
    [3, 'an edge'],
    [2, 'the last day'],
    [1, 'long ago'],
    [1, 'just ahead'],
  ])
  if (about === 'an edge')
    return startedAt - random.pick([7, 30, 90, 365]) * day + random.whole(0, runMilliseconds)
  if (about === 'the last day') return startedAt - random.whole(0, day)
  if (about === 'long ago') return startedAt - random.whole(0, 7000 * day)
  if (about === 'just ahead') return startedAt + random.whole(0, 240_000)
  return startedAt - random.whole(0, 400 * day)
}

/** The content of contribution number `index`, and the type that it is about. */
export const contentOf = (
  index: number,
  seed: number,
): { type: string; content: SentContribution['content'] } => {
  const pair = Math.floor(index / 2)
  const { types, contents } = new Random(seed, 'content', pair).weighed(kinds)
  const second = index % 2
  return {
    type: types[second] ?? types[0],
    content: { type: contents[second] ?? contents[0], id: `c${pair}` },
  }
}

/** What a plan's messages are drawn from. */
export interface Setting {
  seed: number
  /** When the soak began, in epoch milliseconds. */
  startedAt: number
  runMilliseconds: number
}

/** Contribution number `index`; another `version` of it is of the same identity, and tells something else. */
export const contributionOf = (index: number, version: number, setting: Setting): SentContribution => {
  const { seed, startedAt, runMilliseconds } = setting
  const random = new Random(seed, 'contribution', index, version)
  const id = random.isOnce(100) ? random.pick(systemUsers) : aUser(random)
  const named = random.isOnce(25)
  const locale = random.pick(locales)
  const product = random.pick(products)
  return {
    ...contentOf(index, seed),
    user: { id, ...(named && { username: random.pick(names), display_name: random.pick(names) }) },
    occurred_at: new Date(anInstant(random, startedAt, runMilliseconds)).toISOString(),
    ...(random.isOnce(2) && { parent: { type: 'wiki.document', id: `d${random.whole(0, 500)}` } }),
    ...(locale !== '' && { locale }),
    ...(product !== '' && { product }),
    self: random.isOnce(5),
    spam: random.isOnce(40),
  }
}
