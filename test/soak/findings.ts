import { isDeepStrictEqual } from 'node:util'
import { numbersIn } from '../support/numbersIn.ts'

/** How many differences are kept in words; the others are only counted. */
const describedMax = 50

const inWords = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}

/** The first place in which two values differ, and what each has there. */
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

/** What the soak found: how many numbers it compared, and whatever is not as it must be. */
export class Findings {
  compared = 0
  differences = 0
  described: string[] = []

  /** Compares an answer, down to the last number, with what it must be. */
  compare(asked: string, answer: unknown, brute: unknown): void {
    this.compared += numbersIn(brute)
    if (!isDeepStrictEqual(answer, brute)) this.add(asked, firstDifference(answer, brute))
  }

  /** Something that must hold of an answer. */
  require(asked: string, holds: boolean, otherwise: string): void {
    if (!holds) this.add(asked, otherwise)
  }

  /** A difference. */
  add(asked: string, what: string): void {
    this.differences += 1
    if (this.described.length < describedMax) this.described.push(`${asked}: ${what}`)
  }
}
