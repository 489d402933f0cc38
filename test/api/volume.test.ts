import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { volumeOf } from '../support/oracleVolume.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const datesOf = async (query: string): Promise<string[]> =>
  (await read(`/v1/volume?${query}`)).series[0].points.map(({ date }: Json) => date)

const shownAs = async (query: string): Promise<unknown> => {
  const { window, series } = await read(`/v1/volume?${query}`)
  return [window.from, window.to, series[0].points.length]
}

describe('GET /v1/volume', () => {
  it('has by default a point for each of the 90 days that end with today', async () => {
    await send('contribution.created', [
      aContribution({ occurred_at: '2026-11-20T11:00:00.000Z' }),
      aContribution({ occurred_at: '2026-11-20T10:00:00.000Z' }),
      aContribution({ occurred_at: '2026-11-19T23:59:59.999Z', user: { id: 2 } }),
      aContribution({ occurred_at: '2026-08-22T23:59:59.999Z' }),
    ])
    const body = await read('/v1/volume')
    const points = body.series[0].points
    expect({ ...body, series: [{ ...body.series[0], points: points.slice(-2) }] }).toEqual({
      interval: 'day',
      time_zone: 'UTC',
      window: { from: '2026-08-23T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
      as_of: '2026-11-20T12:00:00.000Z',
      position: 4,
      series: [
        {
          name: null,
          points: [
            { date: '2026-11-19', contributions: 1, contributors: 1, complete: true },
            { date: '2026-11-20', contributions: 2, contributors: 1, complete: false },
          ],
        },
      ],
    })
    expect(points).toHaveLength(90)
    expect(points.filter(({ contributions }: Json) => contributions > 0)).toHaveLength(2)
  })

  it.each([
    ['to=2026-11-01', '2026-08-03T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 90],
    ['to=2026-11-01T06:30:00Z', '2026-08-03T06:30:00.000Z', '2026-11-01T06:30:00.000Z', 91],
    ['from=2026-11-19T06:30:00Z', '2026-11-19T06:30:00.000Z', '2026-11-21T00:00:00.000Z', 2],
    ['as_of=2026-11-10T06:30:00Z', '2026-08-13T00:00:00.000Z', '2026-11-10T06:30:00.000Z', 90],
    ['as_of=2026-11-10T00:00:00Z', '2026-08-13T00:00:00.000Z', '2026-11-10T00:00:00.000Z', 89],
    ['period=2026-11&as_of=2026-10-01T00:00:00Z', '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 0],
    ['period=2027-02', '2027-02-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z', 28],
    ['time_zone=Asia/Tokyo&interval=year', '2026-08-22T15:00:00.000Z', '2026-11-20T15:00:00.000Z', 1],
  ])('has for the query %s the window from %s to %s, and %s points', async (query, from, to, points) => {
    expect(await shownAs(query)).toEqual([from, to, points])
  })

  it.each([
    ['from=2026-01-01&to=2026-01-06&interval=week', ['2025-12-29', '2026-01-05']],
    ['period=2026-Q1&interval=month', ['2026-01-01', '2026-02-01', '2026-03-01']],
    ['period=2026-W01&interval=quarter', ['2025-10-01', '2026-01-01']],
    ['period=2026-W01&interval=year', ['2025-01-01', '2026-01-01']],
    ['from=2011-12-29&to=2012-01-01&time_zone=Pacific/Apia', ['2011-12-29', '2011-12-31']],
    ['from=2011-12-30&to=2011-12-31&time_zone=Pacific/Apia', []],
  ])('has for the query %s the points %s', async (query, dates) => {
    expect(await datesOf(query)).toEqual(dates)
  })

  it('gives the 50 largest values a series each, and all others one series, which counts each of its people once', async () => {
    const data = Array.from({ length: 120 }, (_, index) =>
      aContribution({
        user: { id: 1 + (index % 7) },
        product: `p${String(index % 60).padStart(2, '0')}`,
        occurred_at: new Date(noon - (index % 2) * 86_400_000 - 1000).toISOString(),
      }),
    )
    const more = Array.from({ length: 3 }, () => aContribution({ product: 'p59' }))
    await send('contribution.created', [...data, ...more])
    const { series } = await read('/v1/volume?from=2026-11-01&group_by=product')
    const message = { type: 'contribution.created', timestamp: new Date(noon).toISOString() }
    const oracle = new Oracle([{ ...message, data: [...data, ...more] } satisfies SentMessage])
    expect(series).toEqual(
      volumeOf(oracle, {
        from: Date.parse('2026-11-01'),
        to: Date.parse('2026-11-21'),
        interval: 'day',
        timeZone: 'UTC',
        groupBy: 'product',
        type: undefined,
        filter: {},
        asOf: noon,
      }),
    )
    expect(series.map(({ name }: Json) => name)).toEqual([
      'p59',
      ...Array.from({ length: 49 }, (_, index) => `p${String(index).padStart(2, '0')}`),
      '…',
    ])
  })

  it.each(['', '&to=2026-11-25'])('is empty if it begins after as_of (%s)', async (to) => {
    const { window, series } = await read(`/v1/volume?from=2026-11-18&as_of=2026-11-10T00:00:00Z${to}`)
    const at = '2026-11-18T00:00:00.000Z'
    expect([window, series]).toEqual([{ from: at, to: at }, [{ name: null, points: [] }]])
  })

  it('has in CSV a row for each point of each series', async () => {
    await send('contribution.created', [
      aContribution({ locale: 'de' }),
      aContribution({ locale: 'de', user: { id: 2 } }),
      aContribution(),
    ])
    const response = await fetchApi('/v1/volume.csv?from=2026-11-19&group_by=locale')
    expect(await response.text()).toBe(
      [
        'date,name,contributions,contributors,complete',
        '2026-11-19,de,0,0,true',
        '2026-11-20,de,2,2,false',
        '2026-11-19,,0,0,true',
        '2026-11-20,,1,1,false',
        '',
      ].join('\r\n'),
    )
  })

  it.each([
    [
      'from=2000-01-01',
      'interval',
      'Cannot give more than 1000 points: use a longer interval or a shorter range',
    ],
    ['interval=hour', 'interval', 'Cannot use "hour": use one of day, week, month, quarter, year'],
    ['group_by=user', 'group_by', 'Cannot use "user": use one of type, locale, product'],
    [
      'type=like',
      'type',
      'Cannot use "like": use one of question, answer, solution, kb_edit, kb_review, helpful_vote',
    ],
    ['from=2027-01-01', 'from', 'Cannot begin after the end of today: use an earlier "from", or add "to"'],
    [
      'from=2026-02-01&to=2026-01-01',
      'from',
      'Cannot use a period from 2026-02-01 to 2026-01-01: use a "from" before "to"',
    ],
    ['period=0000&interval=week', 'from', 'Cannot use intervals outside the years 0000 to 9999'],
    ['window=30d', 'window', 'Unknown parameter'],
  ])('refuses the query %s', async (query, parameter, detail) => {
    const response = await fetchApi(`/v1/volume?${query}`)
    expect([response.status, (await response.json<Json>()).errors]).toEqual([400, [{ parameter, detail }]])
  })
})
