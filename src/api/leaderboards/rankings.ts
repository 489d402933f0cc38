import { standardWindows, type WindowLength } from '../../contributions/window.ts'
import { runBatch, LogUnavailable, readPosition } from '../../log/database.ts'
import { readFilterKnown } from '../../log/queries/filterValues.ts'
import type { LiveRanking } from '../../projections/ranking/LiveRanking.ts'
import { rankingName } from '../../projections/ranking/rankingName.ts'

interface Filter {
  locale?: string | undefined
  product?: string | undefined
}

/**
 * Whether an object rolls this window. Any other length is asked of the log, and so is a pair of filters: there are
 * as many pairs as callers can think up, and each would be an object that scans for itself.
 */
export const isRolling = (length: WindowLength, { locale, product }: Filter): boolean =>
  (length === null || standardWindows.some((days) => days === length)) &&
  (locale === undefined || product === undefined)

/** The object of a board's or a metric's live ranking. */
export const rankingOf = (
  leaderboards: DurableObjectNamespace<LiveRanking>,
  of: string,
  windowDays: WindowLength,
  { locale, product }: Filter,
): DurableObjectStub<LiveRanking> =>
  leaderboards.getByName(rankingName({ of, windowDays, locale: locale ?? null, product: product ?? null }))

/** Filters that some event matches. What an event once had stays in the log, so this can only grow. */
const known = new Set<string>()
const knownMax = 10_000

/**
 * The log's position if no event has a value that the filter asks for: then there is nothing to rank, and no
 * object is made for it, whatever callers think up. undefined if there is something; at once if nothing need be
 * looked up.
 */
export const noSuchFilter = (
  db: D1Database,
  { locale, product }: Filter,
): Promise<number | undefined> | undefined => {
  const name = JSON.stringify([locale, product])
  if ((locale === undefined && product === undefined) || known.has(name)) return undefined
  return lookUp(db, { locale, product }, name)
}

const lookUp = async (
  db: D1Database,
  filter: Required<Filter>,
  name: string,
): Promise<number | undefined> => {
  try {
    const [position, matches] = await runBatch(db, readPosition(db), readFilterKnown(db, filter))
    if (!matches) return position
    if (known.size < knownMax) known.add(name)
  } catch (error) {
    // Then the object may have it, from before; one that is made for this has nothing, and leaves nothing.
    if (!(error instanceof LogUnavailable)) throw error
  }
  return undefined
}
