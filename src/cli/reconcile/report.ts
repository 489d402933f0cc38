import { formatInstant } from '../../contributions/instant.ts'
import { runBatch } from '../../log/database.ts'
import { readSamples, type Sample } from '../../log/queries/standingCounts.ts'
import { counted, formatNumber } from '../console/format.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import type { ComparedPair } from './compare.ts'
import type { Drift } from './drift.ts'

/** How many contributions to list for a user. */
const samplesMax = 5

/**
 * The contributions to check first, newest first. When the log counts more than the site, these are the ones that
 * count. When it counts fewer, these are the reversed ones, then the ones that count.
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

const describeSample = ({ content, occurredAt, stands }: Sample): string =>
  `      ${content.type} ${content.id}, ${formatInstant(occurredAt)}${stands ? '' : ', reversed'}`

const describeDifference = (difference: ComparedPair, samples: readonly Sample[]): string[] => {
  const { userId, site, log } = difference
  const verdict =
    site > log
      ? `${formatNumber(site - log)} missing from the log`
      : `${formatNumber(log - site)} extra in the log`
  return [
    `    user ${userId}: site ${formatNumber(site)}, log ${formatNumber(log)}: ${verdict}`,
    ...samples.map(describeSample),
  ]
}

/** For each type, the totals and the users that differ most, with the contributions to check first. */
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
