import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { amount, isLong } from '../../support/form.ts'
import { Oracle, types, type SentContribution } from '../../support/oracle.ts'
import { daysAfter } from '../../support/oracleCalendar.ts'
import { historyOf } from '../../support/oracleDays.ts'
import { writeLines } from './commands.ts'

/*
 * Sixteen years of contributions to a real community, with brute-force answers. The data is not part of the repository.
 * The short form takes every eighth user and computes the answers again.
 */

const directory = join(projectDirectory, '../shared/data')

export const isHere = existsSync(directory)

/** The answers for one instant: boards by path and query, with entries as [rank, user id, count]. */
export interface Expected {
  boards: Record<string, { total: number; entries: [number, number, number][] }>
  metrics: Record<string, number>
  lifetime_by_type: Record<string, number>
}

const instantsExpected = 4

const readAnswers = (retractions: 'applied' | 'not_applied') =>
  JSON.parse(readFileSync(join(directory, 'expected-2009-2024.json'), 'utf8'))[`retractions_${retractions}`]

/** Every eighth user, and every user in the long form. */
const isTried = ({ user }: SentContribution): boolean => isLong || user.id % 8 === 0

const identityOf = ({ type, content }: { type: string; content: { type: string; id: string } }): string =>
  JSON.stringify([type, content.type, content.id])

const oracleOf = (retractions: 'applied' | 'not_applied'): Oracle => {
  const timestamp = '2025-01-01T00:00:00Z'
  const messages = [{ type: 'contribution.created', timestamp, data: readContributions() }]
  const retracted = readRetractions().map((data) => ({
    type: 'contribution.retracted',
    timestamp: data.at,
    data,
  }))
  return new Oracle(retractions === 'applied' ? [...messages, ...retracted] : messages, [])
}

/** The brute-force answers for the users under test. */
const countAnew = (oracle: Oracle, asOf: string, { boards, metrics }: Expected): Expected => {
  const to = Date.parse(asOf)
  const spanOf = (days: number): { from: number | null; to: number } => ({
    from: Number.isNaN(days) ? null : to - days * 86_400_000,
    to,
  })
  const counted = Object.keys(boards).map((question): [string, Expected['boards'][string]] => {
    const [board = '', query] = question.split('?')
    const { window = '', ...filter } = Object.fromEntries(new URLSearchParams(query))
    const ranked = oracle.board(board, spanOf(Number.parseInt(window)), filter)
    const entries = ranked
      .slice(0, 20)
      .map(({ rank, user, count }): [number, number, number] => [rank, Number(user['id']), count])
    return [question, { total: ranked.length, entries }]
  })
  const before = oracle.effective().filter(({ occurred_at }) => Date.parse(occurred_at) < to)
  const byType = types.map((type) => [type, before.filter((one) => one.type === type).length] as const)
  return {
    boards: Object.fromEntries(counted),
    metrics: Object.fromEntries(Object.keys(metrics).map((name) => [name, oracle.metric(name, spanOf(30))])),
    lifetime_by_type: Object.fromEntries(byType.filter(([, count]) => count > 0)),
  }
}

/** The answers by instant. */
export const readExpected = (retractions: 'applied' | 'not_applied'): [asOf: string, Expected][] => {
  const answers: Record<string, Expected> = readAnswers(retractions)
  const byInstant = Object.entries(answers).filter(([key]) => /^\d{4}-\d{2}-\d{2}T/.test(key))
  if (byInstant.length !== instantsExpected) throw new Error('The expected answers have another shape')
  if (isLong) return byInstant
  const oracle = oracleOf(retractions)
  return byInstant.map(([asOf, answer]) => [asOf, countAnew(oracle, asOf, answer)])
}

/** A metric's history by metric and time zone, as [date, value]. */
export type ExpectedHistory = Record<string, [date: string, value: number][]>

export const readExpectedHistory = (retractions: 'applied' | 'not_applied'): ExpectedHistory => {
  const histories: ExpectedHistory = readAnswers(retractions).history_every_7_days
  if (isLong) return histories
  const oracle = oracleOf(retractions)
  const counted = Object.entries(histories).map(([question, points]) => {
    const [metric = '', query] = question.split('?')
    const timeZone = new URLSearchParams(query).get('time_zone') ?? 'UTC'
    const dates = points.map(([date]) => date)
    const days = { from: dates[0] ?? '', to: daysAfter(dates.at(-1) ?? '', 1), timeZone }
    const found = historyOf(oracle, metric, days, () => true).filter(({ date }) => dates.includes(date))
    return [question, found.map(({ date, value }): [string, number] => [date, value])] as const
  })
  return Object.fromEntries(counted)
}

const fileOf = (name: string): string => join(directory, `${name}-2009-2024.ndjson.gz`)

const readLines = <Line>(name: string): Line[] =>
  gunzipSync(readFileSync(fileOf(name)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))

export const readContributions = (): SentContribution[] =>
  readLines<SentContribution>('contributions').filter(isTried)

/** A file of the contributions under test, written to a directory if it does not exist. */
export const contributionsFile = (scratch: string): string =>
  isLong ? fileOf('contributions') : writeLines(join(scratch, 'contributions.ndjson'), readContributions())

/** A later correction of a contribution. */
export interface Later {
  at: string
  type: string
  content: { type: string; id: string }
  reason: string
}

export const readRetractions = (): Later[] => {
  const known = new Set(readContributions().map(identityOf))
  return readLines<Later>('retractions').filter((later) => known.has(identityOf(later)))
}

/** Contents that the site deleted, which must not change any number. */
export const readDeletions = (): Later[] => readLines('deletions')

const busiest = amount(10, 50)
const others = amount(30, 150)

/** The busiest users and a fixed sample of the others. */
export const sampleUsers = (byUser: Map<number, SentContribution[]>): number[] => {
  const byActivity = [...byUser]
    .sort(([left, ones], [right, more]) => more.length - ones.length || left - right)
    .map(([id]) => id)
  const rest = byActivity.slice(busiest)
  const step = Math.floor(rest.length / others)
  const spread = Array.from({ length: others }, (_, index) => rest[index * step] ?? 0)
  return [...byActivity.slice(0, busiest), ...spread]
}

/** Contributions as batches of 1,000, in order. */
export const inBatches = (contributions: readonly SentContribution[]): SentContribution[][] =>
  Array.from({ length: Math.ceil(contributions.length / 1000) }, (_, index) =>
    contributions.slice(index * 1000, index * 1000 + 1000),
  )
