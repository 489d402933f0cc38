import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const day = 86_400_000

const before = (milliseconds: number): string => new Date(noon - milliseconds).toISOString()

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [
    aContribution({ user: { id: 1, username: 'ana' }, occurred_at: before(100 * day) }),
    aContribution({ user: { id: 1 }, occurred_at: before(13 * day) }),
    aContribution({ user: { id: 1 }, occurred_at: before(13 * day + 1) }),
    aContribution({ user: { id: 1 }, type: 'kb_edit' }),
  ])
})

afterEach(() => void vi.restoreAllMocks())

describe('a user’s badge', () => {
  it.each([
    ['', 'contributions', '4'],
    ['?type=answer&window=all', 'answers', '3'],
    ['?type=answer', 'answers', '3'],
    ['?type=kb_edit', 'article edits', '1'],
    ['?type=kb_review', 'article reviews', '0'],
    ['?window=30d', 'contributions in 30 days', '3'],
    ['?window=13d', 'contributions in 13 days', '2'],
    ['?window=13d&type=answer', 'answers in 13 days', '1'],
    ['?window=1d', 'contributions in 1 day', '1'],
    ['?period=2026-W45', 'contributions in 2026-W45', '2'],
    ['?type=answer&period=2026-Q3', 'answers in 2026-Q3', '1'],
    ['?from=2026-11-20&time_zone=Asia/Tokyo', 'contributions since 2026-11-20', '1'],
    ['?to=2026-11-07T12:00:00%2B00:00', 'contributions before 2026-11-07T12:00:00.000Z', '2'],
    ['?from=2026-11-07&to=2026-11-08', 'contributions from 2026-11-07 to 2026-11-08', '2'],
    [`?from=2026-11-07&as_of=${before(13 * day)}`, 'contributions since 2026-11-07', '1'],
    [`?window=13d&as_of=${before(0)}`, 'contributions in 13 days', '2'],
    [`?window=30d&as_of=${before(13 * day)}`, 'contributions in 30 days', '1'],
    [`?as_of=${before(50 * day)}`, 'contributions', '1'],
    ['?lang=de&type=answer&window=30d', 'Antworten in 30 Tagen', '2'],
    ['?lang=fr&from=2026-11-07&to=2026-11-08', 'contributions du 2026-11-07 au 2026-11-08', '2'],
    ['?lang=ja&type=kb_edit', '記事の編集', '1'],
    ['?lang=ar', 'مساهمات', '4'],
    ['?product=firefox', 'contributions firefox', '0'],
    ['?product=&locale=&type=answer', 'answers no product no locale', '3'],
  ])('says for the query "%s" %s: %s', async (query, label, message) => {
    const badge = await read(`/v1/users/1/badge.json${query}`)
    const color = message === '0' ? 'lightgrey' : '#1f6b4c'
    expect(badge).toEqual({ schemaVersion: 1, label, message, color })
  })

  it('shows the same number as the profile and the list, in every window', async () => {
    await send('contribution.retracted', {
      content: (await read('/v1/users/1/contributions')).contributions[1].content,
      reason: 'spam',
    })
    setClock(noon + 1000)
    const { lifetime, windows } = await read('/v1/users/1')
    const messageFor = async (window: string): Promise<string> =>
      (await read(`/v1/users/1/badge.json?type=answer&window=${window}`)).message
    for (const window of ['all', '7d', '13d', '14d', '30d', '90d', '101d', '365d', '3660d']) {
      const { contributions } = await read(`/v1/users/1/contributions?type=answer&window=${window}`)
      expect(await messageFor(window), window).toBe(String(contributions.length))
    }
    for (const [window, counts] of Object.entries<Json>({ all: lifetime, ...windows }))
      expect(await messageFor(window), window).toBe(String(counts.answer))
  })

  it('shows every digit, as pages write numbers in its language', async () => {
    const answers = Array.from({ length: 1000 }, () => aContribution({ user: { id: 5 } }))
    const { position } = await send('contribution.created', answers)
    const messageIn = async (language: string): Promise<string> =>
      (await read(`/v1/users/5/badge.json?at_least=${position}&lang=${language}`)).message
    expect(await Promise.all(['en', 'de', 'fr', 'es'].map(messageIn))).toEqual([
      '1,000',
      '1.000',
      '1\u202f000',
      '1000',
    ])
  })

  it('has as_of and position in headers, and an ETag that changes with the number', async () => {
    const response = await fetchApi('/v1/users/1/badge.json')
    await response.body?.cancel()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'perennial-as-of': '2026-11-20T12:00:00.000Z',
      'perennial-position': '4',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=10, stale-while-revalidate=60',
    })
    const exposed = response.headers.get('access-control-expose-headers')
    expect(exposed).toContain('Perennial-As-Of, Perennial-Position')
    const tag = response.headers.get('etag') ?? ''
    setClock(noon + 5000)
    expect((await fetchApi('/v1/users/1/badge.json', { headers: { 'if-none-match': tag } })).status).toBe(304)
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    setClock(noon + 10_000)
    const changed = await fetchApi('/v1/users/1/badge.json', { headers: { 'if-none-match': tag } })
    expect([changed.status, ((await changed.json()) as Json).message]).toEqual([200, '5'])
    const head = await fetchApi('/v1/users/1/badge.json', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('costs D1 no more than a refresh of the counter, in any window', async () => {
    await read('/v1/users/1/badge.json')
    const meter = meterOfAll(env.DB)
    for (const window of ['all', '30d', '13d', '3660d']) await read(`/v1/users/1/badge.json?window=${window}`)
    expect(meter.batches).toBe(0)
    setClock(noon + 1000)
    await read('/v1/users/1/badge.json?window=13d')
    expect(meter).toMatchObject({ batches: 1, rowsWritten: 0 })
    expect(meter.rowsRead).toBeLessThanOrEqual(4)
  })

  it.each([
    ['type=like', 'type'],
    ['type=', 'type'],
    ['window=13x', 'window'],
    ['window=0d', 'window'],
    ['style=flat', 'style'],
    ['as_of=2026-11-20T12:00:00.001Z', 'as_of'],
  ])('is refused for the query %s, and the answer names the parameter', async (query, parameter) => {
    const response = await fetchApi(`/v1/users/1/badge.json?${query}`)
    const problem: Json = await response.json()
    expect([response.status, problem.errors[0].parameter]).toEqual([400, parameter])
  })

  it.each(['404', '007', 'ana'])('is 404 for the unknown user %s', async (id) => {
    const response = await fetchApi(`/v1/users/${id}/badge.json`)
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store'])
    expect(await response.json()).toMatchObject({ type: '/problems/not-found' })
  })

  it('is 404 for an erased user', async () => {
    await send('user.erased', { id: 1 })
    setClock(noon + 1000)
    expect((await fetchApi('/v1/users/1/badge.json')).status).toBe(404)
  })
})
