import { boards, metrics } from '../src/contributions/definitions.ts'
import { formatInstant, type Instant } from '../src/contributions/instant.ts'
import type { Profile } from '../src/contributions/user.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { Site } from './site.ts'

/** A number that the API answered, and whose it is. */
export interface Measured {
  /** The same for the same question, whoever answers it when. */
  key: string
  what: string
  user: Profile | undefined
  /** The user's rank where the number has one. */
  rank: number | undefined
  value: number
}

/** What all numbers of one reading are for. */
export interface Moment {
  asOf: Instant
  /** An instant in the past: metrics are read for it, too. */
  past: Instant
  /** The position that answers must reflect. */
  atLeast: number
}

const windows = [
  { window: 'all', inWords: 'all time' },
  { window: '90d', inWords: '90 days' },
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

/** Everybody on every board, from the first page to the last. */
const readBoards = async function* (site: Site, moment: Moment): AsyncGenerator<Measured> {
  for (const { board } of boards) {
    for (const { window, inWords } of windows) {
      for (let cursor: string | null | undefined; cursor !== null;) {
        const query = queryOf(moment, { window, limit: 100, ...(cursor !== undefined && { cursor }) })
        const page: BoardPage | undefined = await site.read(`/v1/leaderboards/${board}?${query}`)
        for (const { rank, user, count } of page?.entries ?? []) {
          const what = `${board}, ${inWords}`
          yield { key: `${what} ${user.id}`, what, user, rank, value: count }
        }
        cursor = page?.next_cursor ?? null
      }
    }
  }
}

/** Every metric, now and in the past. */
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

/** What users have contributed in all. */
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

/** Who leads a board of all time. */
export const leadersOf = (numbers: readonly Measured[]): number[] => {
  const leaders = numbers.filter(({ rank, what }) => rank === 1 && what.endsWith('all time'))
  return [...new Set(leaders.flatMap(({ user }) => user?.id ?? []))]
}

/**
 * Reads every number of every board, the metrics, and the lifetime totals of those whom `whose` names, given the
 * rest, through the API. Readings for the same moment can be compared.
 */
export const readNumbers = async (
  site: Site,
  moment: Moment,
  whose: (numbers: readonly Measured[]) => readonly number[],
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
    for await (const number of readLifetimes(site, moment, whose(numbers))) numbers.push(number)
  } finally {
    progress.end()
  }
  return numbers
}
