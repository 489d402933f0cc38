import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import type { SentContribution } from '../../support/oracle.ts'

/*
 * Sixteen years of a real community, with brute-force answers. They lie beside the project, not in it: a clone on
 * its own does without.
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

/** The answers by instant. */
export const readExpected = (retractions: 'applied' | 'not_applied'): [asOf: string, Expected][] => {
  const file = JSON.parse(readFileSync(join(directory, 'expected-2009-2024.json'), 'utf8'))
  const answers: Record<string, Expected> = file[`retractions_${retractions}`]
  const byInstant = Object.entries(answers).filter(([key]) => /^\d{4}-\d{2}-\d{2}T/.test(key))
  if (byInstant.length !== instantsExpected) throw new Error('The expected answers have another shape')
  return byInstant
}

/** A metric's history by metric and time zone, as [date, value]. */
export type ExpectedHistory = Record<string, [date: string, value: number][]>

export const readExpectedHistory = (retractions: 'applied' | 'not_applied'): ExpectedHistory => {
  const file = JSON.parse(readFileSync(join(directory, 'expected-2009-2024.json'), 'utf8'))
  return file[`retractions_${retractions}`].history_every_7_days
}

const fileOf = (name: string): string => join(directory, `${name}-2009-2024.ndjson.gz`)

export const contributionsFile = fileOf('contributions')

const readLines = <Line>(name: string): Line[] =>
  gunzipSync(readFileSync(fileOf(name)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))

export const readContributions = (): SentContribution[] => readLines('contributions')

/** Something that happened to a contribution later. */
export interface Later {
  at: string
  type: string
  content: { type: string; id: string }
  reason: string
}

export const readRetractions = (): Later[] => readLines('retractions')

/** Contents that the site deleted: no number may change. */
export const readDeletions = (): Later[] => readLines('deletions')

const busiest = 50
const others = 150

/** The busiest users and others from all over the rest: 200 of them, always the same. */
export const sampleUsers = (byUser: Map<number, SentContribution[]>): number[] => {
  const byActivity = [...byUser]
    .sort(([left, ones], [right, more]) => more.length - ones.length || left - right)
    .map(([id]) => id)
  const rest = byActivity.slice(busiest)
  const step = Math.floor(rest.length / others)
  const spread = Array.from({ length: others }, (_, index) => rest[index * step] ?? 0)
  return [...byActivity.slice(0, busiest), ...spread]
}

/** How many numbers a value holds. */
export const numbersIn = (value: unknown): number => {
  if (typeof value === 'number') return 1
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, each) => sum + numbersIn(each), 0)
}

/** Contributions as batches of 1,000, in order. */
export const inBatches = (contributions: readonly SentContribution[]): SentContribution[][] =>
  Array.from({ length: Math.ceil(contributions.length / 1000) }, (_, index) =>
    contributions.slice(index * 1000, index * 1000 + 1000),
  )
