import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { ComparedPair } from './compare.ts'

/** The result for one type of contribution. */
export interface Comparison {
  equal: number
  /** Pairs for which the site counts more than the log, and by how many contributions. */
  missing: { pairs: number; contributions: number }
  /** Pairs for which the log counts more. */
  extra: { pairs: number; contributions: number }
  /** The pairs that differ most, in descending order. */
  worst: ComparedPair[]
}

const size = ({ site, log }: ComparedPair): number => Math.abs(site - log)

const none = (): Comparison['missing'] => ({ pairs: 0, contributions: 0 })

/** Sums up comparisons by type. Memory does not grow with their number. */
export class Drift {
  #byType = new Map<ContributionType, Comparison>()
  #worstMax: number

  constructor(worstMax: number) {
    this.#worstMax = worstMax
  }

  add(pair: ComparedPair): void {
    const comparison = this.#comparisonOf(pair.type)
    const by = pair.site - pair.log
    if (by === 0) {
      comparison.equal += 1
      return
    }
    const kind = by > 0 ? comparison.missing : comparison.extra
    kind.pairs += 1
    kind.contributions += Math.abs(by)
    this.#keepIfWorst(comparison.worst, pair)
  }

  #comparisonOf(type: ContributionType): Comparison {
    const known = this.#byType.get(type)
    if (known) return known
    const comparison = { equal: 0, missing: none(), extra: none(), worst: [] }
    this.#byType.set(type, comparison)
    return comparison
  }

  #keepIfWorst(worst: ComparedPair[], pair: ComparedPair): void {
    const last = worst.at(-1)
    if (worst.length === this.#worstMax && last && size(last) >= size(pair)) return
    worst.push(pair)
    worst.sort((left, right) => size(right) - size(left) || left.userId - right.userId)
    worst.length = Math.min(worst.length, this.#worstMax)
  }

  /** The result for every type that was compared. */
  comparisons(): [ContributionType, Comparison][] {
    return contributionTypes.flatMap((type): [ContributionType, Comparison][] => {
      const comparison = this.#byType.get(type)
      return comparison ? [[type, comparison]] : []
    })
  }

  /** The number of pairs that differ. */
  get differing(): number {
    return this.comparisons().reduce((sum, [, { missing, extra }]) => sum + missing.pairs + extra.pairs, 0)
  }
}
