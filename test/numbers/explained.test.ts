import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCard } from '../support/card.ts'
import { noon, setClock } from '../support/clock.ts'
import { readAll } from '../support/compare.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { boardRules, countBy, metricRules, type SentContribution } from '../support/oracle.ts'
import { scenario } from '../support/scenario.ts'
import { fetchApi, read, send, type Json } from '../support/site.ts'

const rowsOfLog = async (): Promise<Json[]> => {
  const response = await fetchApi('/v1/log?limit=10000', {
    headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
  })
  const text = new TextDecoder().decode(await response.arrayBuffer())
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}

/** Whether a user's contributions of a locale and a product are what the filtered list, badge and card say. */
const checkParts = async (user: number, all: readonly SentContribution[]): Promise<void> => {
  for (const part of [{ locale: 'de' }, { product: 'firefox' }, { locale: '', product: '' }]) {
    const expected = all.filter((one) =>
      Object.entries(part).every(([name, value]) => one[name as 'locale'] === value),
    )
    const query = new URLSearchParams(part).toString()
    const address = `/v1/users/${user}/contributions`
    const own = await readAll(address, { ...part, window: 'all', limit: 3 }, 'contributions')
    expect(own.contributions).toEqual(expected)
    const recent = expected.filter(({ occurred_at: at }) => Date.parse(at) >= noon - 30 * 86_400_000)
    for (const [window, { length }] of [
      ['all', expected],
      ['30d', recent],
    ] as const)
      expect((await read(`/v1/users/${user}/badge.json?${query}&window=${window}`)).message).toBe(
        length.toLocaleString('en'),
      )
    const { description } = await readCard(`/v1/users/${user}/card.svg?${query}`)
    const [, total = '0', lately = '0'] = /^([\d,]+) contr.*?, ([\d,]+) in 30 days/.exec(description) ?? []
    expect([total, lately]).toEqual([expected, recent].map(({ length }) => length.toLocaleString('en')))
  }
}

const listed = async (user: number, window: string): Promise<SentContribution[]> =>
  (await readAll(`/v1/users/${user}/contributions`, { window, limit: 1000 }, 'contributions')).contributions

/** The sum of the deltas of a user's events that match a rule, from an instant on. */
const summed = (rows: Json[], user: number, from: number, rule: (one: SentContribution) => boolean): number =>
  rows
    .filter((row) => row.user.id === user && Date.parse(row.occurred_at) >= from && rule(row))
    .reduce((sum, row) => sum + row.delta, 0)

it('every number is the length of a list of contributions and the sum of the log', async () => {
  let explained = 0
  await fc.assert(
    fc.asyncProperty(scenario, async ({ deliveries }) => {
      await freshLog()
      setClock(noon - 10_000)
      for (const { type, data, timestamp } of deliveries) await send(type, data, timestamp)
      setClock(noon)
      const rows = await rowsOfLog()
      const users = [...new Set(rows.map((row) => row.user.id))]
      for (const [board, rule] of Object.entries(boardRules)) {
        const { entries } = await read(`/v1/leaderboards/${board}?window=30d&limit=100`)
        for (const { user, count } of entries) {
          expect((await listed(user.id, '30d')).filter(rule)).toHaveLength(count)
          expect(summed(rows, user.id, noon - 30 * 86_400_000, rule)).toBe(count)
          explained += 1
        }
      }
      for (const measure of ['parents', 'days'] as const) {
        const { entries } = await read(`/v1/leaderboards/overall?window=30d&limit=100&measure=${measure}`)
        for (const { user, count } of entries) {
          const own = (await listed(user.id, '30d')).filter((one) => boardRules['overall']?.(one))
          expect(countBy(own, { of: measure, timeZone: 'UTC' })).toBe(count)
          explained += 1
        }
      }
      for (const [metric, [rule, min]] of Object.entries(metricRules)) {
        const { value } = await read(`/v1/metrics/${metric}`)
        for (const measure of ['contributions', 'parents', 'days'] as const) {
          const asked = { measure, min: 1, limit: 2 }
          const members = await readAll(`/v1/metrics/${metric}/users`, asked, 'users')
          const single = await read(`/v1/metrics/${metric}?measure=${measure}&min=1`)
          expect([members.value, members.listed]).toEqual([single.value, members.users.length])
          const listings = await Promise.all(
            members.users.map(async ({ user }: Json) => (await listed(user.id, '30d')).filter(rule)),
          )
          expect(listings.map((own) => countBy(own, { of: measure, timeZone: 'UTC' }))).toEqual(
            members.users.map(({ count }: Json) => count),
          )
          explained += 1
        }
        const contributors = users.filter((user) => summed(rows, user, noon - 30 * 86_400_000, rule) >= min)
        const system = await env.DB.prepare('SELECT id FROM users WHERE is_system = 1').all<{ id: number }>()
        const people = contributors.filter((user) => system.results.every(({ id }) => id !== user))
        expect(value).toBe(people.length)
        explained += 1
      }
      for (const user of users) {
        const response = await fetchApi(`/v1/users/${user}`)
        const profile: Json = await response.json()
        if (response.status === 404) continue
        await checkParts(user, await listed(user, 'all'))
        for (const [window, counts] of [
          ['all', profile.lifetime],
          ...Object.entries<Json>(profile.windows),
        ]) {
          const contributions = await listed(user, window)
          expect(contributions).toHaveLength(counts.total)
          for (const type of Object.keys(counts).filter((name) => name !== 'total')) {
            expect(contributions.filter((one) => one.type === type)).toHaveLength(counts[type])
            explained += 1
          }
        }
      }
    }),
    { numRuns: amount(8, 25) },
  )
  expect(explained).toBeGreaterThan(amount(100, 1000))
})
