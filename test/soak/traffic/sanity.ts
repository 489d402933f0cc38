import type { Json } from '../../support/site.ts'
import type { Findings } from '../findings.ts'

/** What no answer may hold: a stack, a statement, or the name of what is beneath. */
const innards = /\bat \S+ \(|\bSELECT\b|\bINSERT INTO\b|SQLITE|D1_ERROR|\bnode_modules\b/

interface Entry {
  rank: number
  user: { id: number }
  count: number
}

const isOrdered = (entries: readonly Entry[]): boolean =>
  entries.every((entry, index) => {
    const before = entries[index - 1]
    if (before === undefined) return true
    if (before.count === entry.count) return before.user.id < entry.user.id && before.rank === entry.rank
    return before.count > entry.count && before.rank < entry.rank
  })

const lengths = ['7d', '30d', '90d', '365d']

const checkCounts = (asked: string, { lifetime, windows }: Json, findings: Findings): void => {
  const all = [...lengths.map((length) => windows[length]), lifetime]
  for (const { total, ...byType } of all) {
    const sum = Object.values<number>(byType).reduce((left, right) => left + right, 0)
    findings.require(asked, sum === total, `the types sum up to ${sum}, the total is ${total}`)
  }
  const totals: number[] = all.map(({ total }) => total)
  const isNested = totals.every((total, index) => total >= (totals[index - 1] ?? 0))
  findings.require(asked, isNested, `longer windows have less: ${totals.join(', ')}`)
}

/** Checks what must hold of any answer at any moment, whatever has been sent so far. */
export const checkAnswer = (asked: string, response: Response, text: string, findings: Findings): void => {
  findings.require(asked, !innards.test(text), `the answer tells of its innards: ${text.slice(0, 300)}`)
  const kind = response.headers.get('content-type') ?? 'nothing'
  if (!response.ok) {
    // A card is a picture even where there is nobody to show.
    const isProblem = kind === 'application/problem+json' || asked.endsWith('.svg')
    findings.require(asked, isProblem, `${response.status} comes as ${kind}`)
  }
  if (kind !== 'application/json') return
  const answer: Json = JSON.parse(text)
  const atLeast = Number(new URL(asked, 'http://soak').searchParams.get('at_least') ?? 0)
  if (answer.position !== undefined)
    findings.require(asked, answer.position >= atLeast, `it is for position ${answer.position}`)
  if (answer.entries !== undefined)
    findings.require(asked, isOrdered(answer.entries), `the order is wrong: ${text}`)
  if (answer.windows !== undefined) checkCounts(asked, answer, findings)
}
