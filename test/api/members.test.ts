import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const question = (id: string) => ({ type: 'questions.question', id })

const answered = (user: number, parent: string | null, occurred_at: string): Record<string, unknown> =>
  aContribution({ user: { id: user, username: `u${user}` }, parent: parent && question(parent), occurred_at })

const profile = (id: number): object => ({
  id,
  username: `u${id}`,
  display_name: null,
  avatar_url: null,
})

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [
    answered(1, 'a', '2026-11-01T22:30:00.000Z'),
    answered(1, 'a', '2026-11-01T23:30:00.000Z'),
    answered(1, 'b', '2026-11-02T10:00:00.000Z'),
    answered(1, null, '2026-11-05T10:00:00.000Z'),
    answered(2, 'a', '2026-11-03T10:00:00.000Z'),
    answered(2, 'b', '2026-11-04T10:00:00.000Z'),
    answered(3, 'a', '2026-11-03T10:00:00.000Z'),
    answered(4, 'a', '2026-11-03T10:00:00.000Z'),
    answered(5, 'a', '2026-11-03T10:00:00.000Z'),
    answered(6, 'a', '2026-11-03T10:00:00.000Z'),
  ])
  await send('user.updated', [
    { id: 3, is_hidden: true },
    { id: 4, is_system: true },
    { id: 5, is_active: false },
  ])
  await send('user.erased', { id: 6 })
})

const members = '/v1/metrics/support_forum_contributors/users?min=1'

describe('the users of a metric', () => {
  it('are as many as its value says, and are listed without those who may not be shown', async () => {
    const body = await read(`${members}&window=30d&limit=1`)
    const window = { from: '2026-10-21T12:00:00.000Z', to: null }
    const metric = 'support_forum_contributors'
    expect(body).toEqual({
      metric,
      window,
      min: 1,
      as_of: '2026-11-20T12:00:00.000Z',
      position: 10,
      value: 5,
      listed: 2,
      users: [{ user: profile(1), count: 4 }],
      next_cursor: expect.any(String),
    })
    const { users, value, listed, next_cursor } = await read(
      `${members}&window=30d&limit=1&cursor=${body.next_cursor}`,
    )
    expect([users, value, listed, next_cursor]).toEqual([[{ user: profile(2), count: 2 }], 5, 2, null])
    const { value: alone } = await read(`/v1/metrics/${metric}?min=1&window=30d`)
    expect(alone).toBe(5)
  })

  it.each([
    ['contributions', 'UTC', 4, 2],
    ['parents', 'UTC', 2, 2],
    ['days', 'UTC', 3, 2],
    ['days', 'Europe/Berlin', 3, 2],
    ['days', 'Asia/Tokyo', 2, 2],
  ])(
    'have the counts of the board when they are counted by %s in %s',
    async (measure, zone, first, second) => {
      const { users } = await read(`${members}&measure=${measure}&time_zone=${zone}`)
      expect(users).toEqual([
        { user: profile(1), count: first },
        { user: profile(2), count: second },
      ])
      const { entries } = await read(
        `/v1/leaderboards/support-forum?measure=${measure}&time_zone=${zone}&limit=100`,
      )
      const last = measure === 'parents' ? '2026-11-02T10:00:00.000Z' : '2026-11-05T10:00:00.000Z'
      expect(entries.map(({ count, last_contribution_at }: Json) => [count, last_contribution_at])).toEqual([
        [first, last],
        [second, '2026-11-04T10:00:00.000Z'],
      ])
    },
  )

  it('have a row each in CSV, which links to the next page', async () => {
    const response = await fetchApi(
      '/v1/metrics/support_forum_contributors/users.csv?min=1&window=30d&limit=1',
    )
    expect(await response.text()).toBe('user_id,username,display_name,count\r\n1,u1,,4\r\n')
    expect(response.headers.get('link')).toMatch(/^<\/v1\/metrics\/.*>; rel="next"$/)
  })

  it('are 404 for an unknown metric', async () => {
    expect((await fetchApi('/v1/metrics/nobody/users')).status).toBe(404)
  })

  it.each([
    [`${members}&measure=points`, 'measure', 'Cannot use "points": use one of contributions, parents, days'],
    [`${members}&limit=1001`, 'limit', 'Cannot use "1001": use a whole number from 1 to 1000'],
    ['/v1/metrics/kb_contributors/history?measure=days', 'measure', 'Unknown parameter'],
  ])('are refused at the address %s', async (path, parameter, detail) => {
    const response = await fetchApi(path)
    expect([response.status, (await response.json<Json>()).errors]).toEqual([400, [{ parameter, detail }]])
  })
})

describe('GET /v1/users?ids=', () => {
  it('gives each user as GET /v1/users/{id} does, in the order of the IDs, without unknown and erased ones', async () => {
    for (const query of ['', '&period=2026-11', `&as_of=2026-11-02T00:00:00Z&from=2026-11-01`]) {
      const body = await read(`/v1/users?ids=2,77,1,6,2,3${query}`)
      const each = await Promise.all([2, 1, 3].map(async (id) => read(`/v1/users/${id}?${query.slice(1)}`)))
      expect(body).toEqual({ users: each, as_of: each[0].as_of, position: 10 })
    }
  })

  it('returns an empty list, for the position of the log, if it knows none of the users', async () => {
    expect(await read('/v1/users?ids=77')).toEqual({
      users: [],
      as_of: '2026-11-20T12:00:00.000Z',
      position: 10,
    })
    expect((await fetchApi('/v1/users?ids=77&at_least=11')).status).toBe(503)
    expect((await fetchApi('/v1/users?ids=1&at_least=11')).status).toBe(503)
  })

  it('keeps its ETag while these users’ numbers stay, although the log grows', async () => {
    const tagOf = async (): Promise<string | null> => {
      const response = await fetchApi('/v1/users?ids=1,2&period=2026-11')
      await response.body?.cancel()
      return response.headers.get('etag')
    }
    const tag = await tagOf()
    setClock(noon + 2000)
    await send('contribution.created', answered(3, 'c', '2026-11-20T12:00:00.000Z'))
    expect(await tagOf()).toBe(tag)
    await send('contribution.created', answered(2, 'c', '2026-11-20T12:00:01.000Z'))
    setClock(noon + 4000)
    expect(await tagOf()).not.toBe(tag)
  })

  it('takes 100 distinct IDs, however often they are repeated', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    const { users } = await read(`/v1/users?ids=${[...hundred, ...hundred].join(',')}`)
    expect(users.map(({ user }: Json) => user.id)).toEqual([1, 2, 3, 4, 5])
    const response = await fetchApi(`/v1/users?ids=${[...hundred, 101].join(',')}`)
    expect(response.status).toBe(400)
    await response.body?.cancel()
  })

  const useIds = 'use at most 100 user IDs separated by commas, like 1,2,3'
  it.each([
    ['', 'username', 'Cannot find users without a name or IDs: use username, search or ids'],
    ['ids=007', 'ids', `Cannot use "007": ${useIds}`],
    ['ids=1,', 'ids', `Cannot use "1,": ${useIds}`],
    ['ids=1, 2', 'ids', `Cannot use "1, 2": ${useIds}`],
    ['ids=9007199254740992', 'ids', `Cannot use "9007199254740992": ${useIds}`],
    ['ids=1&username=u1', 'ids', 'Cannot use ids together with username: leave one of them out'],
    ['username=u1&period=2026', 'period', 'Cannot use period without ids: it applies only to statistics'],
  ])('refuses the query "%s"', async (query, parameter, detail) => {
    const response = await fetchApi(`/v1/users?${query}`)
    expect([response.status, (await response.json<Json>()).errors]).toEqual([400, [{ parameter, detail }]])
  })
})
