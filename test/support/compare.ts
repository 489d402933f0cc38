import { expect } from 'vitest'
import {
  boardRules,
  metricRules,
  contributionsMeasure,
  shownSpan,
  type Filter,
  type Measure,
  type Oracle,
  type Span,
} from './oracle.ts'
import type { AskedPeriod } from './scenario.ts'
import { fetchApi, read, type Json } from './site.ts'

/** The parameters of a comparison: one instant, one window, one filter. */
export interface Question {
  /** undefined reads live. */
  asOf: number | undefined
  windowDays: number | null
  filter: Filter
  /** Replaces the window. */
  period?: AskedPeriod
  /** What is counted; contributions by default. */
  measure?: Measure
}

/** The window that a question is about: a period ends at `as_of` at the latest. */
const spanOf = ({ asOf, windowDays, period }: Question, moment: number): Span => {
  if (period === undefined)
    return { from: windowDays === null ? null : moment - windowDays * 86_400_000, to: asOf ?? null }
  const { from, to } = period.span
  const end = asOf === undefined ? to : Math.min(to ?? Infinity, asOf)
  return { from, to: end === null || from === null ? end : Math.max(from, end) }
}

const query = (parameters: Record<string, string | number | undefined>): string => {
  const given = Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** Reads every page of a list. Returns the first page with the items of all pages in `list`. */
export const readAll = async (
  path: string,
  parameters: Record<string, string | number | undefined>,
  list: string,
): Promise<Json> => {
  const first = await read(`${path}${query(parameters)}`)
  const items: Json[] = [...first[list]]
  for (let cursor = first.next_cursor; cursor !== null;) {
    const page = await read(`${path}${query({ ...parameters, cursor })}`)
    items.push(...page[list])
    cursor = page.next_cursor
  }
  return { ...first, [list]: items }
}

/** Reads every board, metric, user and list of contributions, and compares each number with the oracle's. */
export const compareWithOracle = async (oracle: Oracle, now: number, question: Question): Promise<void> => {
  const { asOf, windowDays, filter, period, measure = contributionsMeasure } = question
  const moment = asOf ?? now
  const as_of = asOf === undefined ? undefined : new Date(asOf).toISOString()
  const asked = period?.parameters ?? { window: windowDays === null ? 'all' : `${windowDays}d` }
  const measuring = question.measure && {
    measure: measure.of,
    ...(measure.of === 'days' && { time_zone: measure.timeZone }),
  }
  const ranked = { ...asked, ...measuring, as_of, ...filter }
  const span = spanOf(question, moment)
  const shown = shownSpan(span)
  for (const board of Object.keys(boardRules)) {
    const expected = oracle.board(board, span, filter, measure)
    const parameters = { ...ranked, limit: 3 }
    const { entries, total, window } = await readAll(`/v1/leaderboards/${board}`, parameters, 'entries')
    expect(entries, board).toEqual(expected)
    expect(window).toEqual(shown)
    expect(total, `total of ${board}`).toBe(expected.length)
  }
  for (const metric of Object.keys(metricRules)) {
    const { value, window } = await read(`/v1/metrics/${metric}${query({ ...ranked, min: 2 })}`)
    expect(value, metric).toBe(oracle.metric(metric, span, filter, 2, measure))
    expect(window).toEqual(shown)
  }
  const { position: head } = await read('/healthz')
  for (const id of [...oracle.userIds(), 77]) {
    const expected = oracle.user(id, moment, asOf === undefined, period && span)
    const response = await fetchApi(`/v1/users/${id}${query({ ...period?.parameters, as_of })}`)
    const { as_of: answered, position, ...user } = (await response.json()) as Json
    expect(response.status, `user ${id}`).toBe(expected === undefined ? 404 : 200)
    if (expected === undefined) continue
    expect(user).toEqual(expected)
    expect(position, `position of user ${id}`).toBe(head)
    expect(answered).toBe(new Date(moment).toISOString())
    const parameters = { ...asked, as_of, limit: 3 }
    const { contributions: listed } = await readAll(
      `/v1/users/${id}/contributions`,
      parameters,
      'contributions',
    )
    // Without positions, in any order among contributions of the same instant.
    const byText = (list: Json[]): string[] =>
      list.map((one) => JSON.stringify({ ...one, position: undefined })).sort()
    expect(byText(listed)).toEqual(byText(oracle.listed(id, span).map((one) => oracle.shown(one))))
    // The values of all contributions, because few are in most windows.
    const { contributions: all } = await read(`/v1/users/${id}/contributions?limit=1000`)
    const ever = oracle.listed(id, { from: null, to: null })
    expect(byText(all)).toEqual(byText(ever.map((one) => oracle.shown(one))))
    const order = listed.map((one: Json) => [Date.parse(one.occurred_at), one.position])
    expect(order).toEqual(
      order.toSorted((left: Json, right: Json) => right[0] - left[0] || right[1] - left[1]),
    )
  }
}

/** Compares the users whom each metric counts with the oracle's: the list, its length, and the metric's value. */
export const compareMembers = async (oracle: Oracle, now: number, question: Question): Promise<void> => {
  const { asOf, filter, period, measure = contributionsMeasure } = question
  const as_of = asOf === undefined ? undefined : new Date(asOf).toISOString()
  const span = spanOf(question, asOf ?? now)
  for (const metric of Object.keys(metricRules)) {
    const parameters = { ...period?.parameters, measure: measure.of, as_of, min: 1, limit: 2, ...filter }
    const { value, listed, users, window } = await readAll(`/v1/metrics/${metric}/users`, parameters, 'users')
    const expected = oracle.members(metric, span, filter, 1, measure)
    expect(users, metric).toEqual(expected)
    expect([value, listed, window]).toEqual([
      oracle.metric(metric, span, filter, 1, measure),
      expected.length,
      shownSpan(span),
    ])
  }
}
