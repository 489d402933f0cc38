import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send } from '../support/site.ts'

const paths = [
  '/v1/users/1',
  '/v1/users/1/contributions',
  '/v1/users/1/badge.json',
  '/v1/leaderboards/overall',
  '/v1/metrics/active_contributors',
]

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', aContribution({ occurred_at: '2026-10-25T00:30:00.000Z' }))
})

const window = async (query: string): Promise<unknown> =>
  (await read(`/v1/leaderboards/overall?${query}`)).window

describe('the parameters of a period', () => {
  it.each([
    ['period=2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['period=2026-Q4', '2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['period=2026-02', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['period=2026-W53', '2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'],
    ['period=2027-W01', '2027-01-04T00:00:00.000Z', '2027-01-11T00:00:00.000Z'],
    ['period=2020-W53', '2020-12-28T00:00:00.000Z', '2021-01-04T00:00:00.000Z'],
    ['period=2025-W01', '2024-12-30T00:00:00.000Z', '2025-01-06T00:00:00.000Z'],
    ['period=2026-10&time_zone=Europe/Berlin', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['from=2026-10-25&time_zone=Europe/Berlin', '2026-10-24T22:00:00.000Z', null],
    ['to=2026-10-26&time_zone=Europe/Berlin', null, '2026-10-25T23:00:00.000Z'],
    ['from=2026-10-25T02:30:00.1239%2B02:00', '2026-10-25T00:30:00.123Z', null],
    ['from=2030-01-01', '2030-01-01T00:00:00.000Z', null],
    ['period=9999&time_zone=America/New_York', '9999-01-01T05:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ['period=0000&time_zone=Asia/Tokyo', '0000-01-01T00:00:00.000Z', '0000-12-31T14:41:01.000Z'],
    [
      'from=2011-12-30&to=2011-12-31&time_zone=Pacific/Apia',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ],
  ])('mean for the query %s the window from %s to %s', async (query, from, to) => {
    expect(await window(query)).toEqual({ from, to })
  })

  it.each([
    ['period=2026', '2026-01-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['to=2026-11-05', null, '2026-11-01T00:00:00.000Z'],
    ['to=2026-10-05', null, '2026-10-05T00:00:00.000Z'],
    ['from=2026-11-01', '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['from=2026-11-02&to=2026-11-03', '2026-11-02T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
  ])('mean for the query %s, with as_of 2026-11-01, the window from %s to %s', async (query, from, to) => {
    expect(await window(`${query}&as_of=2026-11-01T00:00:00Z`)).toEqual({ from, to })
  })

  it('include the repeated hour of the day on which clocks are set back', async () => {
    const contribution = { type: 'answer', occurred_at: '2026-10-25T01:30:00.000Z' }
    await send('contribution.created', aContribution(contribution))
    setClock(noon + 1000)
    const { period } = await read(
      '/v1/users/1?from=2026-10-25T02:30:00%2B02:00&to=2026-10-25T02:30:00%2B01:00',
    )
    expect(period).toEqual({
      window: { from: '2026-10-25T00:30:00.000Z', to: '2026-10-25T01:30:00.000Z' },
      total: 1,
      question: 0,
      answer: 1,
      solution: 0,
      kb_edit: 0,
      kb_review: 0,
      helpful_vote: 0,
      documents: 0,
    })
  })

  it.each(paths)('are refused by %s if they are invalid, and the answer says what to use', async (path) => {
    const issuesOf = async (query: string): Promise<unknown> => {
      const response = await fetchApi(`${path}?${query}`)
      const { errors } = await response.json<{ errors: unknown }>()
      return [response.status, errors]
    }
    const refused = (parameter: string, detail: string) => [400, [{ parameter, detail }]]
    const useEnd = 'use a day like 2026-03-01 or an RFC 3339 instant like 2026-03-01T00:00:00Z'
    const usePeriod = 'use a year, quarter, month or ISO week like 2026, 2026-Q3, 2026-11 or 2026-W47'
    for (const name of ['2026-W54', '2025-W53', '2026-W00', '2026-13', '2026-Q5', '2026-q1', '26', 'x'])
      expect(await issuesOf(`period=${name}`)).toEqual(
        refused('period', `Cannot use "${name}": ${usePeriod}`),
      )
    for (const end of ['2026-02-30', '2026-03-01T00:00:00', 'now'])
      expect(await issuesOf(`to=${end}`)).toEqual(refused('to', `Cannot use "${end}": ${useEnd}`))
    expect(await issuesOf('from=2026-11-01&to=2026-11-01')).toEqual(
      refused('from', 'Cannot use a period from 2026-11-01 to 2026-11-01: use a "from" before "to"'),
    )
    expect(await issuesOf('from=2026-11-02T00:00:00Z&to=2026-11-02&time_zone=Europe/Berlin')).toEqual(
      refused(
        'from',
        'Cannot use a period from 2026-11-02T00:00:00.000Z to 2026-11-02: use a "from" before "to"',
      ),
    )
    expect(await issuesOf('period=2026&to=2026-03-01')).toEqual(
      refused('period', 'Cannot use period together with from or to: leave one of them out'),
    )
    const hasWindow = path !== '/v1/users/1'
    for (const period of ['period=2026', 'from=2026-01-01', 'to=2026-01-01'])
      expect(await issuesOf(`window=30d&${period}`)).toEqual(
        hasWindow
          ? refused('window', 'Cannot use window together with a period: leave one of them out')
          : refused('window', 'Unknown parameter'),
      )
  })

  it.each(['/v1/users/1?', '/v1/users?ids=1&', '/v1/leaderboards/overall?'])(
    'give %s the same ETag while the numbers of the period are the same',
    async (path) => {
      const tags = ['2026-11-10', '2026-11-11', '2026-10-01'].map(async (day) => {
        const response = await fetchApi(`${path}period=2026&as_of=${day}T00:00:00Z`)
        await response.body?.cancel()
        return response.headers.get('etag')
      })
      const [first, same, other] = await Promise.all(tags)
      expect(same).toBe(first)
      expect(other).not.toBe(first)
    },
  )

  it('are optional: the statistics of a user then have no period, but the first and last of each type', async () => {
    await send('contribution.created', [
      aContribution({ type: 'kb_edit', occurred_at: '2026-01-01T00:00:00.000Z' }),
      aContribution({ occurred_at: '2026-11-01T00:00:00.000Z' }),
    ])
    setClock(noon + 1000)
    const { first, last, period } = await read('/v1/users/1')
    const none = { question: null, solution: null, kb_review: null, helpful_vote: null }
    const edit = '2026-01-01T00:00:00.000Z'
    expect(first).toEqual({ ...none, answer: '2026-10-25T00:30:00.000Z', kb_edit: edit })
    expect(last).toEqual({ ...none, answer: '2026-11-01T00:00:00.000Z', kb_edit: edit })
    expect(period).toBe(undefined)
  })
})
