import { formatInstant } from '../../contributions/instant.ts'
import { runBatch } from '../../log/database.ts'
import { readSamples, type Sample } from '../../log/queries/standingCounts.ts'
import { patiently } from '../platform/patience.ts'
import type { Difference, Drift } from './drift.ts'

/** How many contributions are named to look at first. */
const samplesMax = 5

/**
 * What to look at first: of a user whom the log credits with more, the newest that stand; of one credited with
 * less, the newest that were reversed, then the newest that stand: what is missing lies around them.
 */
export const readSamplesOf = async (
  db: D1Database,
  { userId, type, site, log }: Difference,
): Promise<Sample[]> => {
  const [standing, reversed] = await patiently(
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

const describeDifference = (difference: Difference, samples: readonly Sample[]): string[] => {
  const { userId, site, log } = difference
  const verdict = site > log ? `${site - log} missing from the log` : `${log - site} extra in the log`
  return [`    user ${userId}: site ${site}, log ${log}: ${verdict}`, ...samples.map(describeSample)]
}

/** The comparison to read: per type the sums and the worst users, with what to look at first. */
export const describeDrift = async (db: D1Database, drift: Drift): Promise<string> => {
  const lines: string[] = []
  for (const [type, { equal, missing, extra, worst }] of drift.comparisons()) {
    lines.push(
      `${type}: ${equal} equal, ${missing.pairs} missing (${missing.contributions} contributions), ${extra.pairs} extra (${extra.contributions} contributions)`,
    )
    if (worst.length > 0) lines.push('  the worst users:')
    for (const difference of worst) {
      lines.push(...describeDifference(difference, await readSamplesOf(db, difference)))
    }
  }
  return lines.join('\n')
}
