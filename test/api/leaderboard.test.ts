import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { readAll } from '../support/compare.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const ago = (days: number, milliseconds = 0): string =>
  new Date(noon - days * 86_400_000 + milliseconds).toISOString()

const give = async (counts: Record<number, number>, fields: Record<string, unknown> = {}): Promise<void> => {
  const all = Object.entries(counts).flatMap(([id, count]) =>
    Array.from({ length: count }, () => aContribution({ user: { id: Number(id) }, ...fields })),
  )
  await send('contribution.created', all)
}

const ranks = (entries: Json[]): number[][] => entries.map(({ rank, user, count }) => [rank, user.id, count])

describe('a leaderboard', () => {
  it('ranks by count, then by user ID as a number; equal counts share a rank and the next is skipped', async () => {
    await give({ 10: 2, 9: 2, 3: 5, 100: 1, 7: 2 })
    const board = await read('/v1/leaderboards/support-forum')
    expect(ranks(board.entries)).toEqual([
      [1, 3, 5],
      [2, 7, 2],
      [2, 9, 2],
      [2, 10, 2],
      [5, 100, 1],
    ])
    expect(board).toMatchObject({ board: 'support-forum', total: 5, next_cursor: null })
    expect(board.window).toEqual({ from: ago(90), to: null })
  })

  it('leaves system, inactive, hidden and erased users out of its ranks and total', async () => {
    await give({ 1: 5, 2: 4, 3: 3, 4: 2, 5: 1, 6: 1 })
    await send('user.updated', [
      { id: 1, is_system: true },
      { id: 2, is_active: false },
      { id: 3, is_hidden: true },
    ])
    await send('user.erased', { id: 4 })
    const board = await read('/v1/leaderboards/support-forum')
    expect([ranks(board.entries), board.total]).toEqual([
      [
        [1, 5, 1],
        [1, 6, 1],
      ],
      2,
    ])
    expect((await read('/v1/metrics/active_contributors')).value).toBe(5)
    await send('user.updated', { id: 3, is_hidden: false }, noon + 1)
    setClock(noon + 5000)
    expect(ranks((await read('/v1/leaderboards/support-forum')).entries)[0]).toEqual([1, 3, 3])
  })

  it('shows the last contribution that counts, even after the newest was retracted', async () => {
    const newest = { type: 'questions.answer', id: 'newest' }
    await send('contribution.created', [
      aContribution({ occurred_at: ago(3) }),
      aContribution({ occurred_at: ago(2) }),
      aContribution({ occurred_at: ago(1), content: newest }),
      aContribution({ occurred_at: ago(0), self: true }),
    ])
    const last = async (): Promise<Json> => {
      const { position } = await read('/healthz')
      return (await read(`/v1/leaderboards/support-forum?at_least=${position}`)).entries[0]
    }
    expect(await last()).toMatchObject({ count: 3, last_contribution_at: ago(1) })
    await send('contribution.retracted', { content: newest, reason: 'spam' })
    expect(await last()).toMatchObject({ count: 2, last_contribution_at: ago(2) })
    // Another contribution at the instant of the retracted one still counts.
    await send('contribution.created', aContribution({ occurred_at: ago(1) }))
    expect(await last()).toMatchObject({ count: 3, last_contribution_at: ago(1) })
    await send('contribution.restored', { content: newest }, noon + 1)
    expect(await last()).toMatchObject({ count: 4, last_contribution_at: ago(1) })
  })

  it('includes the first millisecond of its window and, as of a past instant, excludes the instant', async () => {
    for (const off of [-1, 0, 1])
      await send('contribution.created', aContribution({ occurred_at: ago(90, off) }))
    const count = async (query: string): Promise<number> => {
      const { entries } = await read(`/v1/leaderboards/support-forum${query}`)
      return entries[0]?.count ?? 0
    }
    expect(await count('')).toBe(2)
    expect(await count('?window=all')).toBe(3)
    expect(await count(`?window=1d&as_of=${ago(90, 1)}`)).toBe(2)
    expect(await count(`?window=all&as_of=${ago(90, -1)}`)).toBe(0)
  })

  it('filters by an exact locale and product, and by the absence of either', async () => {
    await give({ 1: 3 }, { locale: 'de', product: 'firefox' })
    await give({ 2: 2 }, { locale: 'de' })
    await give({ 3: 1 })
    const users = async (query: string): Promise<number[]> =>
      (await read(`/v1/leaderboards/support-forum?${query}`)).entries.map(({ user }: Json) => user.id)
    expect(await users('locale=de')).toEqual([1, 2])
    expect(await users('locale=DE')).toEqual([])
    expect(await users('locale=de&product=firefox')).toEqual([1])
    expect(await users('locale=')).toEqual([3])
    expect(await users('product=')).toEqual([2, 3])
  })

  it('has pages that add up to one list while the log grows and time passes', async () => {
    await give({ 1: 5, 2: 4, 3: 3, 4: 3, 5: 2, 6: 1, 7: 1 })
    const whole = await read('/v1/leaderboards/support-forum?window=30d')
    const first = await read('/v1/leaderboards/support-forum?window=30d&limit=2')
    await give({ 7: 9, 8: 4 })
    setClock(noon + 86_400_000)
    const second = await read(`/v1/leaderboards/support-forum?limit=3&window=30d&cursor=${first.next_cursor}`)
    const third = await read(
      `/v1/leaderboards/support-forum?window=30d&limit=50&cursor=${second.next_cursor}`,
    )
    expect([...first.entries, ...second.entries, ...third.entries]).toEqual(whole.entries)
    for (const page of [second, third]) {
      expect(page).toMatchObject({
        as_of: whole.as_of,
        position: whole.position,
        window: whole.window,
        total: 7,
      })
    }
    expect(third.next_cursor).toBeNull()
  })

  it('refuses a cursor of a state before at_least, which no page of it can reflect', async () => {
    await give({ 1: 3, 2: 2, 3: 1 })
    for (const path of [
      '/v1/leaderboards/support-forum?',
      '/v1/metrics/active_contributors/users?min=1&',
      '/v1/users/1/contributions?',
    ]) {
      const { next_cursor: cursor, position } = await read(`${path}limit=1`)
      const response = await fetchApi(`${path}cursor=${cursor}&at_least=${position + 1}`)
      expect([response.status, (await response.json<Json>()).detail], path).toEqual([
        503,
        `Cannot answer for position ${position + 1}, because the cursor pins ${position}: begin again without the cursor`,
      ])
      expect((await fetchApi(`${path}cursor=${cursor}&at_least=${position}`)).status).toBe(200)
    }
  })

  it('accepts a cursor only for the request that it came from', async () => {
    await give({ 1: 2, 2: 1 })
    const { next_cursor: cursor } = await read(`/v1/leaderboards/support-forum?limit=1&as_of=${ago(0)}`)
    expect((await read(`/v1/leaderboards/support-forum?limit=1&cursor=${cursor}`)).entries).toHaveLength(1)
    expect(
      (await read(`/v1/leaderboards/support-forum?cursor=${cursor}&as_of=${ago(0)}`)).entries,
    ).toHaveLength(1)
    for (const path of ['overall?', 'support-forum?window=30d&', `support-forum?as_of=${ago(1)}&`]) {
      expect((await fetchApi(`/v1/leaderboards/${path}cursor=${cursor}`)).status).toBe(400)
    }
    const forged = (contents: unknown): string =>
      new TextEncoder()
        .encode(JSON.stringify(contents))
        .toBase64({ alphabet: 'base64url', omitPadding: true })
    const question = '/v1/leaderboards/support-forum'
    for (const contents of [
      [question, 8e15, true, 1, 1, 1],
      [question, -8e15, true, 1, 1, 1],
      [question, noon, true, -1, 1, 1],
      [question, noon, true, 1.5, 1, 1],
      [question, noon, 1, 1, 1, 1],
      [question, noon],
      null,
    ]) {
      expect((await fetchApi(`${question}?cursor=${forged(contents)}`)).status).toBe(400)
    }
  })

  it('answers 503 for a position that the log has not reached', async () => {
    await give({ 1: 1 })
    expect((await read('/v1/leaderboards/support-forum?at_least=1')).position).toBe(1)
    for (const path of ['leaderboards/support-forum', 'metrics/active_contributors']) {
      const response = await fetchApi(`/v1/${path}?at_least=2`)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
      await response.body?.cancel()
    }
  })
})

describe("a user's contributions", () => {
  it('come newest first, then by highest position, and pages add up while the log grows', async () => {
    const times = [ago(1), ago(5), ago(1), ago(3), ago(1)]
    await send(
      'contribution.created',
      times.map((occurred_at) => aContribution({ occurred_at, parent: { type: 'q', id: 'p' } })),
    )
    const all = await readAll('/v1/users/1/contributions', {}, 'contributions')
    expect(all.contributions.map(({ position }: Json) => position)).toEqual([5, 3, 1, 4, 2])
    expect(all.contributions[0]).toEqual({
      type: 'answer',
      occurred_at: ago(1),
      content: expect.objectContaining({ type: 'questions.answer' }),
      parent: { type: 'q', id: 'p' },
      locale: '',
      product: '',
      self: false,
      position: 5,
      deleted_at: null,
      amended: false,
    })
    const first = await read('/v1/users/1/contributions?limit=2')
    await send('contribution.created', aContribution({ occurred_at: ago(1) }))
    await send('contribution.retracted', { content: all.contributions[2].content, reason: 'spam' })
    setClock(noon + 1000)
    const rest = await read(`/v1/users/1/contributions?cursor=${first.next_cursor}`)
    expect([...first.contributions, ...rest.contributions]).toEqual(all.contributions)
    expect(rest).toMatchObject({ position: first.position, as_of: first.as_of, next_cursor: null })
    const now = await read('/v1/users/1/contributions')
    expect(now.contributions.map(({ position }: Json) => position)).toEqual([6, 5, 3, 4, 2])
  })

  it('show a reinstated contribution at its first position', async () => {
    const content = { type: 'a', id: 'b' }
    await send('contribution.created', aContribution({ content }))
    await send('contribution.retracted', { content, reason: 'spam' }, noon - 2)
    await send('contribution.restored', { content }, noon - 1)
    const { contributions, position } = await read('/v1/users/1/contributions')
    expect([contributions[0].position, position]).toEqual([1, 3])
  })
})

describe('GET /v1/users', () => {
  it('finds users by name in any case and script, hidden ones too, ordered by ID, at most 20', async () => {
    const find = async (username: string): Promise<number[]> =>
      (await read(`/v1/users?username=${encodeURIComponent(username)}`)).users.map(({ id }: Json) => id)
    await send('user.updated', [
      { id: 1, username: 'Élodie' },
      { id: 2, username: 'ΣΊΣΥΦΟΣ' },
      { id: 3, username: 'straße' },
      { id: 4, username: 'Анна', is_hidden: true },
      { id: 5, username: 'élodie ' },
      { id: 6, username: '100%_x' },
      { id: 8, username: 'Iı' },
      { id: 7, username: 'gone' },
    ])
    await send('user.erased', { id: 7 })
    expect(await find('éLODIE')).toEqual([1])
    expect(await find('σίσυφος')).toEqual([2])
    expect(await find('STRASSE')).toEqual([3])
    expect(await find('STRAẞE')).toEqual([3])
    expect(await find('анна')).toEqual([4])
    expect(await find('100%_X')).toEqual([6])
    expect(await find('iı')).toEqual([8])
    expect(await find('II')).toEqual([])
    expect(await find('elodie')).toEqual([])
    expect(await find('gone')).toEqual([])
    await send(
      'user.updated',
      Array.from({ length: 25 }, (_, index) => ({ id: 99 - index, username: 'many' })),
    )
    expect(await find('Many')).toEqual(Array.from({ length: 20 }, (_, index) => 75 + index))
    await send('user.updated', { id: 1, username: 'renamed' }, noon + 1)
    expect([await find('élodie'), await find('RENAMED')]).toEqual([[], [1]])
  })
})
