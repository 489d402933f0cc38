import { boards, metrics } from '../src/definitions/definitions.ts'
import { formatInstant, type Instant } from '../src/contributions/instant.ts'
import type { Profile } from '../src/contributions/user.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { Site } from '../src/cli/send/site.ts'

/** A number from the API. */
export interface Measured {
  /** Identifies the number in every reading. */
  key: string
  what: string
  user: Profile | undefined
  /** The user's rank, if the number is from a board. */
  rank: number | undefined
  value: number
}

/** The instants of a reading. Readings for the same moment can be compared. */
export interface Moment {
  asOf: Instant
  /** Metrics are also read for this past instant. */
  past: Instant
  /** The position that every answer must reflect. */
  atLeast: number
}

const windows = [
  { window: 'all', label: 'all time' },
  { window: '90d', label: '90 days' },
]

interface BoardPage {
  entries: { rank: number; user: Profile; count: number }[]
  next_cursor: string | null
}

const queryOf = (moment: Moment, more: Record<string, string | number>): string =>
  new URLSearchParams(
    Object.entries({ as_of: formatInstant(moment.asOf), at_least: moment.atLeast, ...more }).map(
      ([name, value]) => [name, String(value)],
    ),
  ).toString()

/** Reads every page of every board. */
const readBoards = async function* (site: Site, moment: Moment): AsyncGenerator<Measured> {
  for (const { board } of boards) {
    for (const { window, label } of windows) {
      for (let cursor: string | null | undefined; cursor !== null;) {
        const query = queryOf(moment, { window, limit: 100, ...(cursor !== undefined && { cursor }) })
        const page: BoardPage | undefined = await site.read(`/v1/leaderboards/${board}?${query}`)
        for (const { rank, user, count } of page?.entries ?? []) {
          const what = `${board}, ${label}`
          yield { key: `${what} ${user.id}`, what, user, rank, value: count }
        }
        cursor = page?.next_cursor ?? null
      }
    }
  }
}

/** Reads every metric, now and in the past. */
const readMetrics = async function* (site: Site, moment: Moment): AsyncGenerator<Measured> {
  for (const asOf of [moment.asOf, moment.past]) {
    for (const { metric } of metrics) {
      const query = queryOf({ ...moment, asOf }, {})
      const answer = await site.read<{ value: number }>(`/v1/metrics/${metric}?${query}`)
      const what = `${metric}, ${formatInstant(asOf).slice(0, 10)}`
      yield { key: what, what, user: undefined, rank: undefined, value: answer?.value ?? 0 }
    }
  }
}

/** Reads the lifetime totals of users. */
const readLifetimes = async function* (
  site: Site,
  moment: Moment,
  ids: readonly number[],
): AsyncGenerator<Measured> {
  for (const id of ids) {
    const answer = await site.read<{ user: Profile; lifetime: { total: number } }>(
      `/v1/users/${id}?${queryOf(moment, {})}`,
    )
    const value = answer?.lifetime.total ?? 0
    yield { key: `lifetime ${id}`, what: 'lifetime total', user: answer?.user, rank: undefined, value }
  }
}

/** The IDs of the users who lead an all-time board. */
export const leadersOf = (numbers: readonly Measured[]): number[] => {
  const leaders = numbers.filter(({ rank, what }) => rank === 1 && what.endsWith('all time'))
  return [...new Set(leaders.flatMap(({ user }) => user?.id ?? []))]
}

/**
 * Reads every number of every board, every metric, and some lifetime totals through the API. `chooseUsers` selects the
 * users for the totals, given the other numbers.
 */
export const readNumbers = async (
  site: Site,
  moment: Moment,
  chooseUsers: (numbers: readonly Measured[]) => readonly number[],
): Promise<Measured[]> => {
  const numbers: Measured[] = []
  const progress = startProgress('Reading', boards.length * windows.length)
  const boardsRead = new Set<string>()
  try {
    for await (const number of readBoards(site, moment)) {
      numbers.push(number)
      progress.advance(boardsRead.add(number.what).size, numbers.length)
    }
    for await (const number of readMetrics(site, moment)) numbers.push(number)
    for await (const number of readLifetimes(site, moment, chooseUsers(numbers))) numbers.push(number)
  } finally {
    progress.end()
  }
  return numbers
}
