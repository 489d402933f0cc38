import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  communityAddress,
  communityParameters,
  parseCommunity,
} from '../../src/pages/community/communityState.ts'
import { addressOf, dashboardParameters, parseState } from '../../src/pages/dashboard/dashboardState.ts'
import { unusedIn } from '../../src/pages/parts/queryString.ts'
import { parseProfile, profileAddress, profileParameters } from '../../src/pages/profile/profileState.ts'
import { anyQuery } from '../fuzz/support/queries.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

beforeAll(async () => {
  setClock(noon)
  await send('contribution.created', [
    aContribution({ user: { id: 1, username: 'ana' }, occurred_at: '2026-08-01T12:00:00.000Z' }),
    aContribution({ user: { id: 1 }, occurred_at: '2026-11-16T12:00:00.000Z' }),
  ])
  setClock(noon + 10_000)
})

interface Shown {
  cacheControl: string | null
  notices: string[]
  text: string
}

const show = async (path: string): Promise<Shown> => {
  const response = await fetchApi(path, { headers: { accept: 'text/html' }, redirect: 'manual' })
  expect(response.status).toBe(200)
  const html = await response.text()
  const main = (html.split('<main')[1] ?? '').split('<script')[0] ?? ''
  const notices = [...main.matchAll(/<p class="notice" role="status">(.*?)<\/p>/g)].map(
    ([, text = '']) => text,
  )
  return {
    cacheControl: response.headers.get('cache-control'),
    notices,
    text: main.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '),
  }
}

describe('a page whose address has a value that the page cannot use', () => {
  const howToWrite = 'A period is written like 2026, 2026-Q3, 2026-11 or 2026-W47.'

  it.each([
    ['/?period=week', `This page ignores period=week in its address. ${howToWrite}`],
    ['/?board=kb&period=2026-Q5', `This page ignores period=2026-Q5 in its address. ${howToWrite}`],
    ['/?window=30d&period=2026-Q3', 'This page ignores window=30d in its address.'],
    ['/?metric=none&around=007', 'This page ignores metric=none, around=007 in its address.'],
    [
      '/?from=2026-03-02&last=2026-03-01',
      'This page ignores from=2026-03-02, last=2026-03-01 in its address.',
    ],
    [`/?time_zone=${'x'.repeat(100)}`, `This page ignores time_zone=${'x'.repeat(50)}… in its address.`],
    ['/?board=<b>', 'This page ignores board=&lt;b> in its address.'],
    ['/users/1?period=month', `This page ignores period=month in its address. ${howToWrite}`],
    ['/users/1?type=none', 'This page ignores type=none in its address.'],
    ['/community?period=week', `This page ignores period=week in its address. ${howToWrite}`],
    ['/community?interval=day', 'This page ignores interval=day in its address.'],
    [
      '/?period=week&lang=de',
      'Diese Seite kann period=week aus ihrer Adresse nicht verwenden. Ein Zeitraum wird zum Beispiel 2026, 2026-Q3, 2026-11 oder 2026-W47 geschrieben.',
    ],
  ])('says so, and is not cached: %s', async (path, notice) => {
    const { notices, cacheControl } = await show(path)
    expect({ notice: notices[0], cacheControl }).toEqual({ notice, cacheControl: 'no-store' })
  })

  it('says nothing where it can use every value', async () => {
    for (const path of ['/?period=2026-W47&board=kb', '/users/1?period=2026-W47', '/community?period=2026'])
      expect(await show(path)).toMatchObject({
        notices: [],
        cacheControl: 'public, max-age=10, stale-while-revalidate=60',
      })
  })

  it('says nothing about any address that it links to', () => {
    const names =
      'metric range from last interval time_zone locale product board window period search around cursor lang type year ranks theme variant card_lang rule intervals group split'
    fc.assert(
      fc.property(anyQuery(names.split(' ')), (pairs) => {
        const search = `?${new URLSearchParams(pairs).toString()}`
        const links = [
          [addressOf(parseState(search)), dashboardParameters],
          [communityAddress(parseCommunity(search)), communityParameters],
          [profileAddress(1, parseProfile(search)), profileParameters],
        ] as const
        for (const [address, parametersOf] of links)
          expect(unusedIn(address.replace(/^[^?]*/, ''), parametersOf)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('a period in an address', () => {
  it.each([
    ['2026-Q3', 'All contributions: 1 Q3 2026 (UTC) · newest first '],
    ['2026-W47', 'All contributions: 1 Week of Nov 16, 2026 (UTC) · newest first '],
    ['2026', 'All contributions: 2 2026 (UTC) · newest first '],
    ['2026-11-16', 'All contributions: 1 Mon, Nov 16, 2026 (UTC) · newest first '],
  ])('selects the contributions of a profile: %s', async (period, text) => {
    expect((await show(`/users/1?period=${period}`)).text).toContain(text)
  })

  it.each([
    ['2026-Q3', { from: '2026-07-01', last: '2026-09-30' }],
    ['2026-02', { from: '2026-02-01', last: '2026-02-28' }],
    ['2026-W53', { from: '2026-12-28', last: '2027-01-03' }],
  ])('selects the range of the community page: %s', (period, range) => {
    expect(parseCommunity(`?period=${period}`).range).toEqual(range)
  })
})
