import { isDeepStrictEqual } from 'node:util'
import { numbersIn } from '../support/numbersIn.ts'

/** How many differences are described; the others are only counted. */
const describedMax = 50

const inWords = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}

/** Describes the first place in which two values differ. */
const firstDifference = (answer: unknown, brute: unknown, path = ''): string => {
  const areBoth = [answer, brute].every((value) => typeof value === 'object' && value !== null)
  if (areBoth) {
    const [left, right] = [answer as Record<string, unknown>, brute as Record<string, unknown>]
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (!isDeepStrictEqual(left[key], right[key]))
        return firstDifference(left[key], right[key], `${path}/${key}`)
    }
  }
  return `at "${path}" it is ${inWords(answer)}, by brute force ${inWords(brute)}`
}

/** The results of the soak: how many numbers were compared, and every difference. */
export class Findings {
  compared = 0
  differences = 0
  described: string[] = []

  /** Compares an answer with its expected value, property by property. */
  compare(request: string, answer: unknown, brute: unknown): void {
    this.compared += numbersIn(brute)
    if (!isDeepStrictEqual(answer, brute)) this.add(request, firstDifference(answer, brute))
  }

  /** Adds a difference unless a condition holds. */
  require(request: string, holds: boolean, otherwise: string): void {
    if (!holds) this.add(request, otherwise)
  }

  /** Adds a difference. */
  add(request: string, what: string): void {
    this.differences += 1
    if (this.described.length < describedMax) this.described.push(`${request}: ${what}`)
  }
}
