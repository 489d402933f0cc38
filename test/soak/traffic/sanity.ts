import type { Json } from '../../support/site.ts'
import type { Findings } from '../findings.ts'

/** What no answer may contain: a stack trace, SQL, or an internal name. */
const internals = /\bat \S+ \(|\bSELECT\b|\bINSERT INTO\b|SQLITE|D1_ERROR|\bnode_modules\b/

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

const checkCounts = (request: string, { lifetime, windows }: Json, findings: Findings): void => {
  const all = [...lengths.map((length) => windows[length]), lifetime]
  for (const { total, ...byType } of all) {
    const sum = Object.values<number>(byType).reduce((left, right) => left + right, 0)
    findings.require(request, sum === total, `the types sum up to ${sum}, the total is ${total}`)
  }
  const totals: number[] = all.map(({ total }) => total)
  const isNested = totals.every((total, index) => total >= (totals[index - 1] ?? 0))
  findings.require(request, isNested, `longer windows have less: ${totals.join(', ')}`)
}

/** Checks what must hold for any answer at any time. */
export const checkAnswer = (request: string, response: Response, text: string, findings: Findings): void => {
  findings.require(request, !internals.test(text), `the answer exposes internals: ${text.slice(0, 300)}`)
  const kind = response.headers.get('content-type') ?? 'nothing'
  if (!response.ok) {
    // The card of an unknown user is a picture too.
    const isProblem = kind === 'application/problem+json' || request.endsWith('.svg')
    findings.require(request, isProblem, `${response.status} comes as ${kind}`)
  }
  if (kind !== 'application/json') return
  const answer: Json = JSON.parse(text)
  const atLeast = Number(new URL(request, 'http://soak').searchParams.get('at_least') ?? 0)
  if (answer.position !== undefined)
    findings.require(request, answer.position >= atLeast, `it is for position ${answer.position}`)
  if (answer.entries !== undefined)
    findings.require(request, isOrdered(answer.entries), `the order is wrong: ${text}`)
  if (answer.windows !== undefined) checkCounts(request, answer, findings)
}
