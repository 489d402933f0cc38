import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { breakD1, d1Texts, expectUnavailable, overloaded, takeD1Out, type Fault } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, post, read, type Json } from '../support/site.ts'

const message = (type: string, data: unknown): string =>
  JSON.stringify({ type, timestamp: new Date(noon - 1000).toISOString(), data })

const aBatch = (): string =>
  message(
    'contribution.created',
    [1, 2, 3].map((id) => aContribution({ user: { id, username: `user ${id}` } })),
  )

/** All that is in the database, but for the log's own row. */
const contents = async (): Promise<string> => {
  const tables = ['events', 'corrections', 'users', 'coverage', 'filter_values']
  const rows = await Promise.all(
    tables.map(async (name) => (await env.DB.prepare(`SELECT * FROM ${name}`).all()).results),
  )
  return JSON.stringify(rows)
}

const taken = async (body: string): Promise<Json> => {
  const response = await post(body)
  expect(response.status).toBe(200)
  return response.json()
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

describe('a webhook while D1 fails', () => {
  it.each(d1Texts)(
    'is answered 503 and writes nothing if the failure is before the commit (%s)',
    async (text) => {
      await taken(aBatch())
      const before = await contents()
      const body = aBatch()
      const repair = takeD1Out({ text, commits: false })
      await expectUnavailable(await post(body))
      expect(await contents()).toBe(before)
      repair()
      expect(await taken(body)).toMatchObject({ position: 6, recorded: 3, duplicate: 0 })
    },
  )

  it.each(d1Texts)(
    'is answered 503 if the failure is after the commit, and is a duplicate when it is sent again (%s)',
    async (text) => {
      await taken(aBatch())
      const body = aBatch()
      const repair = takeD1Out({ text, commits: true })
      await expectUnavailable(await post(body))
      const written = await contents()
      repair()
      const again = await taken(body)
      expect(again).toMatchObject({ position: 6, recorded: 0, duplicate: 3 })
      expect(again.results.map(({ position }: Json) => position)).toEqual([4, 5, 6])
      expect(await contents()).toBe(written)
      for (const id of [1, 2, 3]) expect((await read(`/v1/users/${id}`)).lifetime.total).toBe(2)
    },
  )

  it.each([false, true])(
    'is answered 503 in time for its sender if D1 never answers (committed: %s)',
    async (commits) => {
      const body = aBatch()
      const repair = takeD1Out({ hangs: true, commits })
      holdTimers()(10_000)
      await expectUnavailable(await post(body))
      repair()
      const again = await taken(body)
      expect([again.position, again.recorded]).toEqual([3, commits ? 0 : 3])
      expect(again.results.map(({ position }: Json) => position)).toEqual([1, 2, 3])
    },
  )

  it('is accepted if another attempt within the request succeeds', async () => {
    const lost = { text: 'Network connection lost.', commits: false }
    const plan: (Fault | undefined)[] = [lost, { ...lost, commits: true }, undefined]
    const counted = breakD1(() => plan.shift())
    expect(await taken(aBatch())).toMatchObject({ position: 3, duplicate: 3 })
    expect(counted.calls).toBe(3)
  })

  it('is never written in part, and counts once if it is sent until it is accepted', async () => {
    const content = { type: 'questions.answer', id: 'said' }
    const bodies = [
      message('contribution.created', [aContribution({ content }), aContribution({ user: { id: 2 } })]),
      message('contribution.retracted', [{ content, reason: 'spam' }]),
      message('contribution.restored', { content }),
      message('contribution.retracted', {
        content: { type: 'questions.answer', id: 'unseen' },
        reason: 'spam',
      }),
      message('user.updated', { id: 1, username: 'ana', is_hidden: true }),
      message('user.erased', { id: 2 }),
      message('coverage.declared', { type: 'answer', complete: true }),
    ]
    for (const body of bodies) await taken(body)
    const expected = await contents()
    await freshLog()
    for (const body of bodies) {
      const before = await contents()
      let repair = takeD1Out(overloaded)
      await expectUnavailable(await post(body))
      expect(await contents()).toBe(before)
      repair()
      repair = takeD1Out({ ...overloaded, commits: true })
      await expectUnavailable(await post(body))
      const written = await contents()
      expect(written).not.toBe(before)
      repair()
      await taken(body)
      expect(await contents()).toBe(written)
    }
    expect(await contents()).toBe(expected)
  })
})
