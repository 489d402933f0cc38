import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import miniflare from 'miniflare/package.json' with { type: 'json' }
import type { DataSet } from './dataSet.ts'
import type { Loading } from './load.ts'
import type { Measurement } from './measure.ts'
import type { Rows } from './rows.ts'
import {
  bareAnswer,
  bareInsert,
  bareInsertBatch,
  batchWebhook,
  remembered,
  singleWebhook,
} from './targets.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Formats rows as aligned text: the first column to the left, the others to the right. */
const table = (lines: readonly (readonly string[])[]): string => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const align = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return lines.map((line) => line.map(align).join('  ')).join('\n')
}

const latency = ({ p50Milliseconds, p99Milliseconds }: Measurement): string[] => [
  precise.format(p50Milliseconds),
  precise.format(p99Milliseconds),
]

const rowsEach = ({ d1Read, d1Written, objectRead, objectWritten }: Rows, count: number): string[] =>
  [d1Read, d1Written, objectRead, objectWritten].map((rows) => precise.format(rows / count))

/** Describes the machine and the versions on which numbers were measured. */
export const describeMachine = (): string => {
  const gibibytes = precise.format(totalmem() / 1024 ** 3)
  const load = precise.format(loadavg()[0] ?? 0)
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${gibibytes} GiB, load ${load}`,
    `Node ${process.version}, workerd ${miniflare.dependencies.workerd}, ${new Date().toISOString()}`,
  ].join('\n')
}

export const describeDataSet = ({ source, contributions }: DataSet): string =>
  `Loaded ${whole.format(contributions.length)} contributions: ${source}`

/** Describes events per second with webhooks of 1,000 contributions. */
export const describeLoadings = (loadings: readonly Loading[]): string =>
  table([
    ['batches of 1,000', 'events/s', 'p50 ms', 'p99 ms', 'D1 rows read/event', 'written/event'],
    ...loadings.map((loading) => {
      const [read = '', written = ''] = rowsEach(loading.rows, loading.events)
      return [loading.name, whole.format(loading.eventsPerSecond), ...latency(loading), read, written]
    }),
  ])

const columns = [
  'one request',
  'connections',
  'p50 ms',
  'p99 ms',
  'requests/s',
  'D1 rows read',
  'written',
  'object rows read',
  'written',
  'answered',
  'refused',
]

/** Describes latency, requests per second and rows per request. */
export const describeMeasurements = (measurements: readonly Measurement[]): string =>
  table([
    columns,
    ...measurements.map((each) => [
      each.name,
      whole.format(each.connections),
      ...latency(each),
      whole.format(each.perSecond),
      ...rowsEach(each.rows, each.answered + each.refused),
      whole.format(each.answered),
      whole.format(each.refused),
    ]),
  ])

const named = (measurements: readonly Measurement[], name: string): Measurement[] =>
  measurements.filter((each) => each.name === name)

const ratios = (measurements: readonly Measurement[], name: string, bare: string): string => {
  const floors = named(measurements, bare)
  return named(measurements, name)
    .map(({ p50Milliseconds, connections }, index) => {
      const ratio = p50Milliseconds / (floors[index]?.p50Milliseconds ?? NaN)
      return `${precise.format(ratio)} (connections: ${connections})`
    })
    .join(', ')
}

/**
 * Describes results relative to the goals: events per second in batches, webhooks relative to bare inserts, and answers
 * from memory relative to a static answer.
 */
export const describeGoals = (loadings: readonly Loading[], measurements: readonly Measurement[]): string => {
  const fastest = Math.max(...loadings.map(({ eventsPerSecond }) => eventsPerSecond))
  return [
    `Events a second in batches: ${whole.format(fastest)}. Goal: at least 10,000`,
    `p50 of a webhook over p50 of a bare insert: ${ratios(measurements, singleWebhook, bareInsert)}. Goal: at most 2`,
    `p50 of 1,000 contributions over p50 of a bare insert of 1,000 rows: ${ratios(measurements, batchWebhook, bareInsertBatch)}. Goal: at most 1.11`,
    ...Object.values(remembered).map(
      (name) =>
        `p50 of ${name} over p50 of a static answer: ${ratios(measurements, name, bareAnswer)}. Goal: at most 1.6 at 1 connection, 2 at 16`,
    ),
  ].join('\n')
}
