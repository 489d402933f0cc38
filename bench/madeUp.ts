/* Data of the real data's size and shape: most of it in the last years, many users with little, few with much. */

/** A Contribution as a site sends it. */
export interface SentContribution {
  type: string
  user: { id: number }
  occurred_at: string
  content: { type: string; id: string }
  parent?: { type: string; id: string }
  locale?: string
  product?: string
  self?: boolean
}

const contributions = 262_852
const users = 110_000
const from = Date.UTC(2009, 5, 4)
const to = Date.UTC(2025, 0, 1)

/** Of a thousand contributions, how many are of a type; contents of a type have one content type. */
const kinds: readonly [perThousand: number, type: string, contentType: string][] = [
  [378, 'answer', 'questions.answer'],
  [104, 'kb_edit', 'wiki.revision'],
  [11, 'helpful_vote', 'questions.answervote'],
  [7, 'solution', 'questions.answer'],
  [500, 'question', 'questions.question'],
]

const kindOf = (draw: number): [type: string, contentType: string] => {
  let left = draw * 1000
  for (const [perThousand, type, contentType] of kinds) {
    if (left < perThousand) return [type, contentType]
    left -= perThousand
  }
  throw new Error(`Cannot draw a type with ${draw}: use a number below 1`)
}

/** A number in [0, 1) for each index, evenly spread; one sequence for each whole number that is no square. */
const spread = (index: number, sequence: number): number => ((index + 1) * Math.sqrt(sequence)) % 1

const makeUp = (index: number): SentContribution => {
  const [type, contentType] = kindOf(spread(index, 2))
  const parent = { type: 'questions.question', id: `q${Math.floor(index * spread(index, 3))}` }
  return {
    type,
    // The fourth power gives the busiest user one contribution in twenty; the fifth root crowds the last years.
    user: { id: 1 + Math.floor(users * spread(index, 5) ** 4) },
    occurred_at: new Date(from + (to - from) * (index / contributions) ** 0.2).toISOString(),
    content: { type: contentType, id: `c${index}` },
    ...(type === 'question' ? {} : { parent, self: spread(index, 6) < 0.25 }),
    locale: spread(index, 7) < 0.86 ? 'en-US' : 'it',
    product: spread(index, 10) < 0.6 ? 'firefox' : 'thunderbird',
  }
}

/** Makes up contributions in time order, the same ones every time. */
export const makeUpContributions = (): SentContribution[] =>
  Array.from({ length: contributions }, (_, index) => makeUp(index))
