import { beforeEach, describe, expect, it } from 'vitest'
import { absenceFactorOf } from '../../src/contributions/community/activity.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const hour = 3_600_000

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const question = (id: string) => ({ type: 'questions.question', id })

/** A question that was asked some hours ago. */
const asked = (id: string, hoursAgo: number, fields: object = {}): Record<string, unknown> =>
  aContribution({
    type: 'question',
    user: { id: 1 },
    content: question(id),
    occurred_at: new Date(noon - hoursAgo * hour).toISOString(),
    ...fields,
  })

/** An answer by user 2, some hours ago. */
const answered = (id: string, hoursAgo: number, fields: object = {}): Record<string, unknown> =>
  aContribution({
    user: { id: 2 },
    parent: question(id),
    occurred_at: new Date(noon - hoursAgo * hour).toISOString(),
    ...fields,
  })

/** The responses of one interval that has every question of a test. */
const responses = async (query = 'interval=year'): Promise<Json> => {
  const { points } = await read(`/v1/responses?${query}`)
  return { ...points.at(-1), date: undefined }
}

const none = {
  questions: 0,
  replied: 0,
  replied_24h: 0,
  replied_72h: 0,
  solved: 0,
  median_hours: null,
  p90_hours: null,
  open: 0,
}

const oneReply = (hours: number): object => ({
  ...none,
  questions: 1,
  replied: 1,
  replied_24h: Number(hours <= 24),
  replied_72h: Number(hours <= 72),
  median_hours: hours,
  p90_hours: hours,
})

describe('GET /v1/responses', () => {
  it('counts neither a question that is spam nor its answers, and both again when it is restored', async () => {
    await send('contribution.created', [asked('1', 100), answered('1', 99), asked('2', 100)])
    await send('contribution.retracted', { content: question('1'), reason: 'spam' }, noon - 5000)
    expect(await responses()).toEqual({ ...none, questions: 1 })
    setClock(noon + 10_000)
    await send('contribution.restored', { content: question('1') }, noon - 4000)
    expect(await responses()).toEqual({ ...oneReply(1), questions: 2 })
  })

  it('counts the first reply that is not before its question, even one at the same instant', async () => {
    await send('contribution.created', [
      answered('1', 101),
      answered('1', 100.001),
      asked('1', 100),
      answered('1', 90),
    ])
    expect(await responses()).toEqual(oneReply(10))
    setClock(noon + 10_000)
    await send('contribution.created', answered('1', 100))
    expect(await responses()).toEqual(oneReply(0))
  })

  it('counts a reply that arrives before its question', async () => {
    await send('contribution.created', answered('1', 98))
    expect(await responses()).toEqual(none)
    setClock(noon + 10_000)
    await send('contribution.created', asked('1', 100))
    expect(await responses()).toEqual(oneReply(2))
  })

  it("does not count a reply by the asker's second account once an amendment merges it", async () => {
    const [own, other] = [answered('1', 99, { user: { id: 3 } }), answered('1', 70)]
    await send('contribution.created', [asked('1', 100), own, other])
    expect(await responses()).toEqual(oneReply(1))
    setClock(noon + 10_000)
    await send('contribution.amended', { content: own['content'], set: { user: { id: 1 } } })
    expect(await responses()).toEqual(oneReply(30))
  })

  it('counts a question without a reply as open until it is 72 hours old', async () => {
    const exactly = new Date(noon - 72 * hour).toISOString()
    const justLess = new Date(noon - 72 * hour + 1).toISOString()
    await send('contribution.created', [
      asked('1', 0, { occurred_at: exactly }),
      asked('2', 0, { occurred_at: justLess }),
      asked('3', 1),
      asked('4', 1),
      answered('4', 0.5),
    ])
    expect(await responses()).toEqual({ ...oneReply(0.5), questions: 4, open: 2 })
    const asOf = new Date(noon - 0.75 * hour).toISOString()
    expect(await responses(`interval=year&as_of=${asOf}`)).toEqual({ ...none, questions: 4, open: 4 })
  })

  it('counts replies within 24 and 72 hours, exactly to the millisecond', async () => {
    const after = (hours: number, milliseconds: number): object => ({
      occurred_at: new Date(noon - (100 - hours) * hour + milliseconds).toISOString(),
    })
    await send('contribution.created', [
      ...['1', '2', '3', '4'].map((id) => asked(id, 100)),
      answered('1', 0, after(24, 0)),
      answered('2', 0, after(24, 1)),
      answered('3', 0, after(72, 0)),
      answered('4', 0, after(72, 1)),
    ])
    expect(await responses()).toEqual({
      ...none,
      questions: 4,
      replied: 4,
      replied_24h: 1,
      replied_72h: 3,
      median_hours: 48,
      p90_hours: 72,
    })
  })

  it('counts a question and its replies the same while content is deleted and after it is undeleted', async () => {
    const reply = answered('1', 99)
    await send('contribution.created', [asked('1', 100), reply])
    for (const [kind, seconds] of [
      ['deleted', 10],
      ['undeleted', 20],
    ] as const) {
      setClock(noon + seconds * 1000)
      await send(`content.${kind}`, { content: question('1') }, noon + seconds * 1000 - 1)
      await send(`content.${kind}`, { content: reply['content'] }, noon + seconds * 1000 - 1)
      expect(await responses(), kind).toEqual(oneReply(1))
    }
  })

  it('counts neither answers by the asker, nor answers marked as self, nor what system accounts do', async () => {
    await send('user.updated', { id: 5, is_system: true }, noon - hour)
    await send('contribution.created', [
      asked('1', 100),
      answered('1', 99, { user: { id: 1 } }),
      answered('1', 98, { self: true }),
      answered('1', 97, { user: { id: 5 } }),
      answered('1', 97, { user: { id: 5 }, type: 'solution' }),
      asked('2', 100, { user: { id: 5 } }),
      answered('2', 99),
      asked('3', 100),
      answered('3', 60, { type: 'solution', user: { id: 1 }, self: true }),
    ])
    expect(await responses()).toEqual({ ...none, questions: 2, solved: 1 })
  })

  it('chooses questions, not replies, by locale, product and group', async () => {
    await send('user.updated', { id: 1, groups: ['staff'] }, noon - hour)
    await send('contribution.created', [
      asked('1', 100, { locale: 'de', product: 'firefox' }),
      answered('1', 99, { locale: 'fr', product: 'mobile' }),
      asked('2', 100, { user: { id: 3 } }),
      answered('2', 98),
    ])
    for (const filter of ['locale=de', 'product=firefox', 'group=staff'])
      expect(await responses(`interval=year&${filter}`), filter).toEqual(oneReply(1))
    expect(await responses('interval=year&locale=fr')).toEqual(none)
  })

  it('gives the median and the 90th percentile with two decimals', async () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10.126]
    await send(
      'contribution.created',
      delays.flatMap((delay, index) => [asked(`${index}`, 100), answered(`${index}`, 100 - delay)]),
    )
    expect(await responses()).toMatchObject({ replied: 10, median_hours: 5.5, p90_hours: 9 })
    setClock(noon + 10_000)
    await send('contribution.created', [asked('x', 100), answered('x', 89.8735)])
    expect(await responses()).toMatchObject({ replied: 11, median_hours: 6, p90_hours: 10.13 })
  })
})

describe('the absence factor', () => {
  it.each([
    [[1000, 202, 90, 33, 332, 343, 42, 433], 2],
    [[], 0],
    [[1], 1],
    [[5, 5], 1],
    [[1, 1, 1], 2],
    [[1, 1, 1, 1], 2],
  ])('of the counts %j is %i', (counts, factor) => {
    expect(absenceFactorOf(counts.toSorted((one, other) => other - one))).toBe(factor)
  })
})

const weekOf = (date: string, id: number): Record<string, unknown> =>
  aContribution({ user: { id }, occurred_at: `${date}T12:00:00Z` })

describe('GET /v1/community', () => {
  it('has by default a point for each of the 12 weeks that end with the current one', async () => {
    await send('contribution.created', [
      weekOf('2026-08-20', 1), // before the range
      weekOf('2026-11-03', 2),
      weekOf('2026-11-10', 2),
      weekOf('2026-11-10', 2),
      weekOf('2026-11-17', 1),
      weekOf('2026-11-17', 3),
    ])
    const { points, ...body } = await read('/v1/community')
    expect(body).toEqual({
      rule: 'active_contributors',
      interval: 'week',
      time_zone: 'UTC',
      window: { from: '2026-08-31T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
      as_of: '2026-11-20T12:00:00.000Z',
      position: 6,
    })
    const pointOf = (date: string, numbers: number[], complete: boolean): object => {
      const [active, fresh, returning, resurrected, dormant, contributions, top, absence] = numbers
      return {
        date,
        active,
        new: fresh,
        returning,
        resurrected,
        dormant,
        contributions,
        top_share: top,
        absence_factor: absence,
        complete,
      }
    }
    expect(points).toHaveLength(12)
    expect(points.slice(-3)).toEqual([
      pointOf('2026-11-02', [1, 1, 0, 0, 0, 1, 1, 1], true),
      pointOf('2026-11-09', [1, 0, 1, 0, 0, 2, 1, 1], true),
      pointOf('2026-11-16', [2, 1, 0, 1, 1, 2, 1, 1], false),
    ])
  })

  it('counts a person who skipped an interval as dormant in it, and then as resurrected', async () => {
    await send(
      'contribution.created',
      ['2026-11-03', '2026-11-17'].map((date) => weekOf(date, 1)),
    )
    const { points } = await read('/v1/community?from=2026-11-02')
    expect(points).toMatchObject([
      { active: 1, new: 1, returning: 0, resurrected: 0, dormant: 0 },
      { active: 0, new: 0, returning: 0, resurrected: 0, dormant: 1 },
      { active: 1, new: 0, returning: 0, resurrected: 1, dormant: 0 },
    ])
  })

  it('counts the people of a group, but no system account in it', async () => {
    const groups = ['staff']
    await send('user.updated', [
      { id: 1, groups },
      { id: 2, groups, is_system: true },
    ])
    await send(
      'contribution.created',
      [1, 2, 3].map((id) => weekOf('2026-11-17', id)),
    )
    const { points } = await read('/v1/community?from=2026-11-16&group=staff')
    expect(points).toMatchObject([{ active: 1, contributions: 1 }])
  })

  it('gives the share of the ten most active people with four decimals', async () => {
    const counts = [5, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1]
    await send(
      'contribution.created',
      counts.flatMap((count, index) => Array.from({ length: count }, () => weekOf('2026-11-17', index + 1))),
    )
    const { points } = await read('/v1/community?from=2026-11-17')
    expect(points).toMatchObject([{ contributions: 29, top_share: 0.8966, absence_factor: 5 }])
  })

  it('compares the first interval with the one before the range', async () => {
    await send('contribution.created', [
      weekOf('2026-11-10', 1),
      weekOf('2026-11-10', 2),
      weekOf('2026-11-17', 2),
    ])
    const { points } = await read('/v1/community?from=2026-11-18')
    expect(points).toMatchObject([{ date: '2026-11-16', active: 1, returning: 1, dormant: 1 }])
  })

  it('looks for the first contribution among those that the rule and the filters count', async () => {
    await send('contribution.created', [
      weekOf('2026-10-01', 1),
      aContribution({ type: 'kb_edit', locale: 'de', occurred_at: '2026-11-17T12:00:00Z' }),
      aContribution({ product: 'firefox', occurred_at: '2026-11-18T12:00:00Z' }),
    ])
    const newIn = async (query: string): Promise<number> =>
      (await read(`/v1/community?from=2026-11-16&${query}`)).points[0].new
    expect(await newIn('')).toBe(0)
    expect(await newIn('rule=l10n_contributors')).toBe(1)
    expect(await newIn('product=firefox')).toBe(1)
    expect(await newIn('locale=de')).toBe(1)
  })

  it('moves the first contribution when it is retracted, restored, or credited to someone else', async () => {
    const first = weekOf('2026-10-01', 1)
    await send('contribution.created', [first, weekOf('2026-11-17', 1)])
    const newThisWeek = async (later: number): Promise<number> => {
      setClock(noon + later)
      return (await read('/v1/community?from=2026-11-16')).points[0].new
    }
    expect(await newThisWeek(0)).toBe(0)
    await send('contribution.retracted', { content: first['content'], reason: 'mistake' }, noon - 3000)
    expect(await newThisWeek(10_000)).toBe(1)
    await send('contribution.restored', { content: first['content'] }, noon - 2000)
    expect(await newThisWeek(20_000)).toBe(0)
    await send('contribution.amended', { content: first['content'], set: { user: { id: 2 } } }, noon - 1000)
    expect(await newThisWeek(30_000)).toBe(1)
  })

  it.each([
    ['/v1/community', 'interval=day', 'interval', 'Cannot use "day": use one of week, month, quarter, year'],
    [
      '/v1/community',
      'rule=overall',
      'rule',
      'Cannot use "overall": use one of support_forum_contributors, kb_contributors, l10n_contributors, active_contributors',
    ],
    ['/v1/community', 'min=3', 'min', 'Unknown parameter'],
    ['/v1/responses', 'rule=active_contributors', 'rule', 'Unknown parameter'],
    [
      '/v1/community',
      'from=2000-01-01&to=2026-01-01',
      'interval',
      'Cannot give more than 1000 points: use a longer interval or a shorter range',
    ],
    [
      '/v1/community/cohorts',
      'from=2021-01-01&to=2026-02-01&interval=month',
      'interval',
      'Cannot give more than 60 cohorts: use a longer interval or a shorter range',
    ],
    [
      '/v1/responses',
      'from=2027-01-01',
      'from',
      'Cannot begin after the end of the current interval: use an earlier "from", or add "to"',
    ],
    ['/v1/community', 'period=0000', 'from', 'Cannot use intervals outside the years 0000 to 9999'],
  ])('answers 400 if %s has the query %s', async (route, query, parameter, detail) => {
    const response = await fetchApi(`${route}?${query}`)
    expect([response.status, (await response.json<Json>()).errors]).toEqual([400, [{ parameter, detail }]])
  })

  it.each([
    ['', '2026-08-31', '2026-11-23', 12],
    ['as_of=2026-11-10T06:30:00Z', '2026-08-24', '2026-11-10T06:30:00.000Z', 12],
    ['to=2026-11-02', '2026-08-10', '2026-11-02', 12],
    ['to=2026-11-03', '2026-08-17', '2026-11-03', 12],
    ['from=2026-11-11T06:30:00Z', '2026-11-09', '2026-11-23', 2],
    ['from=2026-11-11&as_of=2026-11-10T00:00:00Z', '2026-11-09', '2026-11-10', 1],
    ['from=2026-11-11&to=2026-12-01&as_of=2026-11-08T00:00:00Z', '2026-11-09', '2026-11-09', 0],
    ['from=2026-11-20&as_of=2026-11-10T00:00:00Z', '2026-11-20', '2026-11-20', 0],
    ['period=2026-Q4&interval=month', '2026-10-01', '2027-01-01', 3],
    ['interval=year', '2015-01-01', '2027-01-01', 12],
    ['interval=month&time_zone=Asia/Tokyo', '2025-11-30T15:00:00.000Z', '2026-11-30T15:00:00.000Z', 12],
  ])('has for the query %s the window from %s to %s, and %s points', async (query, from, to, count) => {
    const instant = (text: string): string => new Date(text).toISOString()
    const { window, points } = await read(`/v1/community?${query}`)
    expect([window, points.length]).toEqual([{ from: instant(from), to: instant(to) }, count])
  })

  it('has in CSV a row for each point, and for each cohort and interval', async () => {
    await send('contribution.created', [weekOf('2026-11-10', 1), weekOf('2026-11-17', 1), asked('1', 100)])
    const textOf = async (path: string): Promise<string[]> => {
      const text = await (await fetchApi(path)).text()
      return text.trimEnd().split('\r\n')
    }
    expect(await textOf('/v1/community.csv?from=2026-11-09')).toEqual([
      'date,active,new,returning,resurrected,dormant,contributions,top_share,absence_factor,complete',
      '2026-11-09,1,1,0,0,0,1,1,1,true',
      '2026-11-16,1,0,1,0,0,1,1,1,false',
    ])
    expect(await textOf('/v1/community/cohorts.csv?from=2026-11-09')).toEqual([
      'cohort,size,date,active,share,complete',
      '2026-11-09,1,2026-11-09,1,1,true',
      '2026-11-09,1,2026-11-16,1,1,false',
      '2026-11-16,0,2026-11-16,0,,false',
    ])
    expect(await textOf('/v1/responses.csv?from=2026-11-16&interval=month')).toEqual([
      'date,questions,replied,replied_24h,replied_72h,solved,median_hours,p90_hours,open',
      '2026-11-01,1,0,0,0,0,,,0',
    ])
  })
})
