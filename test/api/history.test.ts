import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const midnight = (date: string, timeZone: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds

const daysBefore = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).subtract({ days }).toString()

const history = async (query: string, metric = 'active_contributors'): Promise<Json> =>
  read(`/v1/metrics/${metric}/history?${query}`)

const at = (instant: number): string => new Date(instant).toISOString()

// Midnights that clocks skip or repeat, half hours, the date line, and a skipped day (Samoa, 2011-12-30).
const zones = [
  'UTC',
  'America/Los_Angeles',
  'Asia/Beirut',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
]

describe("a metric's history", () => {
  it('counts each point over exactly its 30 calendar days, to the millisecond, in any time zone', async () => {
    const changes = [
      '2018-11-04',
      '2019-02-17',
      '2019-03-31',
      '2019-10-27',
      '2011-12-30',
      '2024-03-10',
      '2024-11-03',
      '2024-03-31',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...changes),
        fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: 4 }),
            fc.integer({ min: 0, max: 34 }),
            fc.integer({ min: -2, max: 2 }),
            fc.boolean(),
          ),
          { maxLength: 12 },
        ),
        async (timeZone, change, acts) => {
          await freshLog()
          const to = Temporal.PlainDate.from(change).add({ days: 4 })
          const from = to.subtract({ days: 8 })
          const sent = acts.map(([id, days, off, retracted]) => ({
            id,
            retracted,
            instant: midnight(to.subtract({ days }).toString(), timeZone) + off,
          }))
          for (const { id, instant, retracted } of sent) {
            const one = aContribution({ user: { id }, occurred_at: at(instant) })
            await send('contribution.created', one)
            if (retracted) await send('contribution.retracted', { content: one['content'], reason: 'spam' })
          }
          const { points } = await history(
            `from=${from.toString()}&to=${to.toString()}&time_zone=${timeZone}`,
          )
          const dates = Array.from({ length: 8 }, (_, index) => from.add({ days: index }).toString())
          const skipped = (date: string): boolean =>
            midnight(date, timeZone) === midnight(daysBefore(date, -1), timeZone)
          expect(points.map(({ date }: Json) => date)).toEqual(dates.filter((date) => !skipped(date)))
          for (const { date, value } of points) {
            const [start, end] = [midnight(daysBefore(date, 30), timeZone), midnight(date, timeZone)]
            const users = sent.filter(
              ({ instant, retracted }) => !retracted && instant >= start && instant < end,
            )
            expect([date, value]).toEqual([date, new Set(users.map(({ id }) => id)).size])
          }
        },
      ),
      { numRuns: amount(12, 60) },
    )
  })

  it('applies the threshold, filters and flags of its metric', async () => {
    const answers = (id: number, count: number, fields = {}): Json[] =>
      Array.from({ length: count }, () =>
        aContribution({ user: { id }, occurred_at: '2026-11-01T00:00:00Z', ...fields }),
      )
    await send('contribution.created', [
      ...answers(1, 10),
      ...answers(2, 9),
      ...answers(3, 10, { self: true }),
      ...answers(4, 10),
      ...answers(5, 10, { locale: 'de' }),
    ])
    await send('user.updated', [
      { id: 4, is_system: true },
      { id: 1, is_hidden: true },
    ])
    const values = async (query: string): Promise<number[]> =>
      (await history(query, 'support_forum_contributors')).points.map(({ value }: Json) => value)
    expect(await values('from=2026-11-01&to=2026-11-03')).toEqual([0, 2])
    expect(await values('from=2026-11-02&to=2026-11-03&locale=de')).toEqual([1])
    expect(await values('from=2026-11-02&to=2026-11-03&product=firefox')).toEqual([0])
    expect(await values('from=2026-12-01&to=2026-12-03')).toEqual([2, 0])
  })

  it('covers by default the 90 days that end with today, by day in UTC', async () => {
    const { points, time_zone: zone } = await history('')
    expect([points.length, points[0].date, points[89].date, zone]).toEqual([
      90,
      '2026-08-23',
      '2026-11-20',
      'UTC',
    ])
    const tokyo = await history('time_zone=Pacific/Kiritimati')
    expect(tokyo.points[89].date).toBe('2026-11-21')
  })

  it('has the Mondays of a range for weeks, and the first days of its months for months', async () => {
    const dates = async (query: string): Promise<string[]> =>
      (await history(query)).points.map(({ date }: Json) => date)
    expect(await dates('from=2026-10-05&to=2026-10-20&interval=week')).toEqual([
      '2026-10-05',
      '2026-10-12',
      '2026-10-19',
    ])
    expect(await dates('from=2026-09-02&to=2026-12-01&interval=month')).toEqual(['2026-10-01', '2026-11-01'])
    expect(await dates('from=1990-01-01&to=2026-01-01&interval=month')).toHaveLength(432)
  })

  it('changes every point whose window contains a late or a retracted contribution', async () => {
    const values = async (): Promise<number> =>
      (await history('from=2026-09-01&to=2026-11-20')).points.reduce(
        (sum: number, { value }: Json) => sum + value,
        0,
      )
    expect(await values()).toBe(0)
    const late = aContribution({ occurred_at: '2026-09-10T12:00:00Z' })
    await send('contribution.created', late)
    expect(await values()).toBe(30)
    await send('contribution.retracted', { content: late['content'], reason: 'spam' })
    expect(await values()).toBe(0)
  })

  it.each([
    ['from=2026-11-10&to=2026-11-10', 'from'],
    ['from=2026-11-11&to=2026-11-10', 'from'],
    ['from=2020-01-01&to=2026-01-01', 'from'],
    ['from=2026-02-30', 'from'],
    ['to=tomorrow', 'to'],
    ['interval=hour', 'interval'],
    ['time_zone=Mars/Olympus', 'time_zone'],
    ['time_zone=%2B01:00', 'time_zone'],
    ['time_zone=', 'time_zone'],
  ])('refuses %s', async (query, parameter) => {
    const response = await fetchApi(`/v1/metrics/kb_contributors/history?${query}`)
    expect([response.status, ((await response.json()) as Json).errors[0].parameter]).toEqual([400, parameter])
  })
})

describe('a range that starts with a clock change', () => {
  /** A time zone and a day that starts with a clock change. */
  const beginnings = [
    ['Africa/Cairo', '2026-04-24'],
    ['Asia/Beirut', '2026-03-29'],
    ['America/Havana', '2026-03-08'],
    ['America/Santiago', '2026-09-06'],
    ['Atlantic/Azores', '2026-03-29'],
    ['America/Nuuk', '2026-03-29'],
    ['Pacific/Apia', '2011-12-30'],
    ['Pacific/Apia', '2011-12-31'],
  ]

  it.each(beginnings)(
    'has, in %s from %s on, the same days and points as a range that starts earlier',
    async (timeZone, date) => {
      const after = (days: number): string => daysBefore(date, -days)
      const edges = [-1, 0, 1, 2, 3].flatMap((days) => {
        const start = midnight(after(days), timeZone)
        return [start - 1, start]
      })
      const acts = edges.map((edge, index) =>
        aContribution({ user: { id: index + 1 }, occurred_at: at(edge) }),
      )
      await send('contribution.created', [
        ...acts,
        ...edges.map((edge) => aContribution({ user: { id: 99 }, occurred_at: at(edge) })),
      ])
      const isReal = (days: number): boolean =>
        midnight(after(days), timeZone) < midnight(after(days + 1), timeZone)
      const countOn = (days: number): number =>
        edges.filter(
          (edge) => edge >= midnight(after(days), timeZone) && edge < midnight(after(days + 1), timeZone),
        ).length
      const countBefore = (days: number): number =>
        edges.filter((edge) => edge < midnight(after(days), timeZone)).length
      for (const from of [-1, 0, 1]) {
        const real = [from, from + 1, from + 2].filter(isReal)
        const query = `from=${after(from)}&to=${after(from + 3)}&time_zone=${timeZone}`
        const { days } = await read(`/v1/users/99/calendar?${query}`)
        expect(days).toEqual(
          real.filter(countOn).map((offset) => ({ date: after(offset), count: countOn(offset) })),
        )
        const { points } = await history(query)
        expect(points).toEqual(
          real.map((offset) => {
            const also = countBefore(offset) > 0 ? 1 : 0
            return { date: after(offset), value: countBefore(offset) + also }
          }),
        )
      }
    },
  )
})

describe('a range in which nothing can have happened', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['from=9900-01-01&to=9980-12-01&interval=month', 971],
    ['from=0000-01-01&to=0080-12-01&interval=month', 971],
    ['from=2027-01-01&to=2029-09-27', 1000],
    ['from=9900-01-01&to=9980-12-01&interval=month&time_zone=America/New_York', 971],
  ])('is not scanned for a history: %s', async (query, count) => {
    await send('contribution.created', aContribution({ occurred_at: '2026-11-20T12:05:00Z' }))
    const meter = meterOfAll(env.DB)
    const { points } = await history(query)
    expect(points.map(({ value }: Json) => value)).toEqual(
      Array.from({ length: count }, () => points[0].value),
    )
    // The one batch reads the log's position.
    expect(meter.batches).toBe(1)
  })

  it('does not start before a contribution that is dated 5 minutes ahead', async () => {
    setClock(Date.parse('2026-11-20T23:57:00Z'))
    await send('contribution.created', aContribution({ occurred_at: '2026-11-21T00:02:00Z' }))
    const range = 'from=2026-11-20&to=2026-11-24'
    expect((await read(`/v1/users/1/calendar?${range}`)).days).toEqual([{ date: '2026-11-21', count: 1 }])
    expect((await history(range)).points.map(({ value }: Json) => value)).toEqual([0, 0, 1, 1])
    expect((await read('/v1/users/1/calendar?from=9990-01-01&to=9999-12-31')).days).toEqual([])
    expect((await read('/v1/users/1/calendar?from=0001-01-01&to=0010-12-31')).days).toEqual([])
  })
})

describe("a user's calendar", () => {
  const on = (day: string, fields = {}): Json =>
    aContribution({ occurred_at: `${day}T23:30:00-08:00`, ...fields })

  it('lists the days with contributions, in a time zone, with streaks', async () => {
    await send('contribution.created', [
      on('2026-11-10'),
      on('2026-11-10'),
      on('2026-11-11'),
      on('2026-11-12'),
      on('2026-11-18'),
      on('2026-11-19', { type: 'question' }),
    ])
    const spam = on('2026-11-15')
    await send('contribution.created', spam)
    await send('contribution.retracted', { content: spam.content, reason: 'spam' })
    const zone = 'time_zone=America/Los_Angeles'
    expect(await read(`/v1/users/1/calendar?${zone}`)).toEqual({
      from: '2025-11-21',
      to: '2026-11-21',
      time_zone: 'America/Los_Angeles',
      as_of: at(noon),
      position: 8,
      days: [
        { date: '2026-11-10', count: 2 },
        { date: '2026-11-11', count: 1 },
        { date: '2026-11-12', count: 1 },
        { date: '2026-11-18', count: 1 },
        { date: '2026-11-19', count: 1 },
      ],
      total: 6,
      current_streak: 2,
      longest_streak: 3,
    })
    expect(
      await read(`/v1/users/1/calendar?${zone}&type=answer&from=2026-11-11&to=2026-11-14`),
    ).toMatchObject({ total: 2, current_streak: 2, longest_streak: 2 })
    expect((await read('/v1/users/1/calendar')).days[0]).toEqual({ date: '2026-11-11', count: 2 })
    expect(await read(`/v1/users/1/calendar?${zone}&from=2026-11-11&to=2026-11-17`)).toMatchObject({
      current_streak: 0,
      longest_streak: 2,
    })
  })

  it('refuses a range of more than 3,660 days, and is 404 for an unknown user', async () => {
    await send('contribution.created', on('2026-11-10'))
    expect((await read('/v1/users/1/calendar?from=2016-11-13&to=2026-11-21')).total).toBe(1)
    for (const path of [
      '1/calendar?from=2016-11-12&to=2026-11-21',
      '1/calendar?from=2026-01-02&to=2026-01-01',
    ]) {
      expect((await fetchApi(`/v1/users/${path}`)).status).toBe(400)
    }
    expect((await fetchApi('/v1/users/2/calendar')).status).toBe(404)
  })
})

describe('a list as CSV', () => {
  const csv = async (path: string, headers = {}): Promise<string[]> => {
    const response = await fetchApi(path, { headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ])
    expect(response.headers.get('vary')).toBe('Accept')
    const text = await response.text()
    expect(text.endsWith('\r\n')).toBe(true)
    return text.slice(0, -2).split('\r\n')
  }

  it('has a header row, quotes what needs it, and makes formulas safe', async () => {
    const names = ['=1+1', '+1', '-1', '@x', 'a,"b"', '<script>']
    await send(
      'contribution.created',
      names.map((username, index) => aContribution({ user: { id: index + 1, username } })),
    )
    const time = '2026-11-20T11:59:00.000Z'
    expect(await csv('/v1/leaderboards/support-forum.csv')).toEqual([
      'rank,user_id,username,display_name,count,last_contribution_at',
      `1,1,'=1+1,,1,${time}`,
      `1,2,'+1,,1,${time}`,
      `1,3,'-1,,1,${time}`,
      `1,4,'@x,,1,${time}`,
      `1,5,"a,""b""",,1,${time}`,
      `1,6,<script>,,1,${time}`,
    ])
    expect(await csv('/v1/leaderboards/support-forum', { accept: 'text/csv' })).toHaveLength(7)
    expect(await csv('/v1/users/1/contributions.csv')).toEqual([
      'type,occurred_at,content_type,content_id,parent_type,parent_id,locale,product,self,position,deleted_at,amended,content_title,content_url',
      expect.stringMatching(/^answer,2026-11-20T11:59:00.000Z,questions.answer,a\d+,,,,,false,1,,false,,$/),
    ])
    expect(await csv('/v1/users/1/calendar.csv')).toEqual(['date,count', '2026-11-20,1'])
    expect(await csv('/v1/metrics/active_contributors/history.csv?from=2026-11-20&to=2026-11-22')).toEqual([
      'date,value',
      '2026-11-20,0',
      '2026-11-21,6',
    ])
  })

  it('has an ETag of its own', async () => {
    await send('contribution.created', aContribution())
    const tagOf = async (headers: Record<string, string>): Promise<Response> =>
      fetchApi('/v1/leaderboards/kb', { headers })
    const json = (await tagOf({})).headers.get('etag') ?? ''
    expect((await tagOf({ accept: 'text/csv', 'if-none-match': json })).status).toBe(200)
    const csvTag = (await tagOf({ accept: 'text/csv' })).headers.get('etag') ?? ''
    expect((await tagOf({ accept: 'text/csv', 'if-none-match': csvTag })).status).toBe(304)
  })

  it('links to its next page, which continues where it ends', async () => {
    await send(
      'contribution.created',
      [1, 2, 3].map((id) => aContribution({ user: { id } })),
    )
    const response = await fetchApi('/v1/leaderboards/support-forum.csv?limit=2')
    const next = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? ''
    await response.body?.cancel()
    expect((await csv(next))[1]).toMatch(/^1,3,/)
  })

  it('has as_of and position in headers, also with 304', async () => {
    const { position } = await send('contribution.created', aContribution({ user: { id: 1 } }))
    const headers = { accept: 'text/csv', 'if-none-match': '*' }
    const lists = ['leaderboards/overall', 'users/1/contributions', 'users/1/calendar']
    for (const list of [...lists, 'metrics/active_contributors/history']) {
      for (const response of [
        await fetchApi(`/v1/${list}.csv`),
        await fetchApi(`/v1/${list}`, { headers }),
      ]) {
        expect(response.headers.get('perennial-as-of'), list).toBe(new Date(noon).toISOString())
        expect(response.headers.get('perennial-position'), list).toBe(String(position))
        await response.body?.cancel()
      }
    }
  })

  it('is sent only to callers who prefer it, and only for lists', async () => {
    await send('contribution.created', aContribution())
    for (const accept of [
      '*/*',
      'application/json',
      'text/csv;q=0.5, application/json',
      'text/csv;q=0',
      'text/html',
    ]) {
      const response = await fetchApi('/v1/leaderboards/kb', { headers: { accept } })
      expect([response.headers.get('content-type'), response.headers.get('vary')]).toEqual([
        'application/json',
        'Accept',
      ])
      await response.body?.cancel()
    }
    expect((await fetchApi('/v1/users/1.csv')).status).toBe(404)
    expect((await fetchApi('/v1/leaderboards.csv')).status).toBe(404)
  })
})
