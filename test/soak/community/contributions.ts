import type { SentContribution } from '../../support/oracle.ts'
import { Random } from './random.ts'

/*
 * The made-up community of the soak. It has few users and few values, so that messages often interact. Contributions are
 * dated around the start of the soak, many at the edge of a window, so that they leave the window while the soak runs.
 */

const day = 86_400_000

/** Users who contribute; lower IDs contribute more. */
export const contributors = 300

/** Users who are named only by `user.updated`. */
export const bystanders = 10

/** The first of the contributors who may be erased; the others remain. */
export const firstErasable = 271

/** The accounts in SYSTEM_USER_IDS. */
export const systemUsers: readonly [number, number] = [900, 901]

/** A user ID that no message names. */
export const stranger = 5000

/** The values of filters; the empty one selects contributions without a value. */
export const locales: readonly [string, ...string[]] = ['en-US', 'de', 'fr', '']
export const products: readonly [string, ...string[]] = ['firefox', 'thunderbird', '']

/** The groups that users are in. */
export const groups: readonly [string, ...string[]] = ['staff', 'staff-2', 'l10n']

/** Names that are easy to get wrong: non-ASCII case, formulas, quotes, markup, code points beyond 2^16. */
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

/** Types that share content: an answer and its solution, an edit and its review. */
const kinds: readonly [[number, Kind], ...[number, Kind][]] = [
  [5, { types: ['answer', 'solution'], contents: ['questions.answer', 'questions.answer'] }],
  [3, { types: ['kb_edit', 'kb_review'], contents: ['wiki.revision', 'wiki.revision'] }],
  [2, { types: ['question', 'helpful_vote'], contents: ['questions.question', 'questions.answervote'] }],
]

interface Kind {
  types: [string, string]
  contents: [string, string]
}

/** A random contributor; lower IDs are far more likely. */
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

/** The type and the content of contribution number `index`. */
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

/** The settings of a plan. */
export interface Setting {
  seed: number
  /** The start of the soak, in epoch milliseconds. */
  startedAt: number
  runMilliseconds: number
}

/** Contribution number `index`. Another `version` has the same identity and other facts. */
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
