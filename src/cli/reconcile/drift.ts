import { contributionTypes, type ContributionType } from '../../contributions/contribution.ts'
import type { Pair } from './pairs.ts'

/** A pair on which site and log differ. */
export interface Difference extends Pair {
  log: number
}

/** The comparison of one type. */
export interface Comparison {
  equal: number
  /** Pairs of which the site counts more than the log, and how many contributions that is. */
  missing: { pairs: number; contributions: number }
  /** Pairs of which the log counts more. */
  extra: { pairs: number; contributions: number }
  /** The pairs that differ most, the most first. */
  worst: Difference[]
}

const none = (): Comparison['missing'] => ({ pairs: 0, contributions: 0 })

/** How far a site and the log are apart: as large as the list of the worst, however many pairs are compared. */
export class Drift {
  #byType = new Map<ContributionType, Comparison>()
  #worstMax: number

  constructor(worstMax: number) {
    this.#worstMax = worstMax
  }

  add(difference: Difference): void {
    const comparison = this.#of(difference.type)
    const by = difference.site - difference.log
    if (by === 0) {
      comparison.equal += 1
      return
    }
    const kind = by > 0 ? comparison.missing : comparison.extra
    kind.pairs += 1
    kind.contributions += Math.abs(by)
    this.#keepIfWorst(comparison.worst, difference)
  }

  #of(type: ContributionType): Comparison {
    const known = this.#byType.get(type)
    if (known) return known
    const comparison = { equal: 0, missing: none(), extra: none(), worst: [] }
    this.#byType.set(type, comparison)
    return comparison
  }

  #keepIfWorst(worst: Difference[], difference: Difference): void {
    const size = ({ site, log }: Difference): number => Math.abs(site - log)
    const last = worst.at(-1)
    if (worst.length === this.#worstMax && last && size(last) >= size(difference)) return
    worst.push(difference)
    worst.sort((left, right) => size(right) - size(left) || left.userId - right.userId)
    worst.length = Math.min(worst.length, this.#worstMax)
  }

  /** Every type of which a pair was given, in the order of the contract. */
  comparisons(): [ContributionType, Comparison][] {
    return contributionTypes.flatMap((type): [ContributionType, Comparison][] => {
      const comparison = this.#byType.get(type)
      return comparison ? [[type, comparison]] : []
    })
  }

  /** How many pairs differ. */
  get differing(): number {
    return this.comparisons().reduce((sum, [, { missing, extra }]) => sum + missing.pairs + extra.pairs, 0)
  }
}
