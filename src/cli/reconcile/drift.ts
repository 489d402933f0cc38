import { formatInstant } from '../../contributions/instant.ts'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import { runBatch } from '../../log/database.ts'
import { readSamples, type Sample } from '../../log/queries/standingCounts.ts'
import { counted, formatNumber } from '../console/format.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import type { ComparedPair } from './compare.ts'

/** The result for one type of contribution. */
export interface Comparison {
  equal: number
  /** Pairs for which the site counts more than the log, and the sum of the differences. */
  missing: { pairs: number; contributions: number }
  /** Pairs for which the log counts more. */
  extra: { pairs: number; contributions: number }
  /** The pairs that differ most, in descending order. */
  worst: ComparedPair[]
}

const size = ({ site, log }: ComparedPair): number => Math.abs(site - log)

const none = (): Comparison['missing'] => ({ pairs: 0, contributions: 0 })

/** Accumulates comparisons by type. Memory does not grow with their number. */
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

/** The maximum number of contributions to list for a user. */
const samplesMax = 5

/**
 * The contributions to check first, newest first. If the log counts more than the site, these are the standing ones. If
 * it counts fewer, these are the reversed ones, then the standing ones.
 */
export const readSamplesOf = async (
  db: D1Database,
  { userId, type, site, log }: ComparedPair,
): Promise<Sample[]> => {
  const [standing, reversed] = await retryWhileUnavailable(
    async () =>
      await runBatch(
        db,
        readSamples(db, userId, type, true, samplesMax),
        readSamples(db, userId, type, false, samplesMax),
      ),
  )
  return site > log ? [...reversed, ...standing].slice(0, samplesMax) : standing
}

const describeSample = ({ content, occurredAt, stands }: Sample, isMissing: boolean): string => {
  const state = stands ? (isMissing ? ', counted by the log' : '') : ', reversed'
  return `      ${content.type} ${content.id}, ${formatInstant(occurredAt)}${state}`
}

const describeDifference = (difference: ComparedPair, samples: readonly Sample[]): string[] => {
  const { userId, site, log } = difference
  const verdict =
    site > log
      ? `${formatNumber(site - log)} missing from the log`
      : `${formatNumber(log - site)} extra in the log`
  return [
    `    user ${userId}: site ${formatNumber(site)}, log ${formatNumber(log)}: ${verdict}`,
    ...samples.map((sample) => describeSample(sample, site > log)),
  ]
}

/** Describes, for each type, the totals and the users that differ most, with the contributions to check first. */
export const describeDrift = async (db: D1Database, drift: Drift): Promise<string> => {
  const lines: string[] = []
  for (const [type, { equal, missing, extra, worst }] of drift.comparisons()) {
    lines.push(
      `${type}: ${formatNumber(equal)} equal, ${formatNumber(missing.pairs)} missing (${counted(missing.contributions, 'contribution')}), ${formatNumber(extra.pairs)} extra (${counted(extra.contributions, 'contribution')})`,
    )
    if (worst.length > 0) lines.push('  largest differences:')
    for (const difference of worst) {
      lines.push(...describeDifference(difference, await readSamplesOf(db, difference)))
    }
  }
  return lines.join('\n')
}
