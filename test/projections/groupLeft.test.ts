import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, read, send } from '../support/site.ts'

afterEach(() => void vi.restoreAllMocks())

/** Empties the group after the `nth` of the following D1 calls. */
const emptyGroupAfter = (nth: number): void => {
  const prototype: D1Database = Object.getPrototypeOf(env.DB)
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  let calls = 0
  vi.spyOn(prototype, 'batch').mockImplementation(async function leave(this: D1Database, statements) {
    const results = await batch.call(this, statements)
    calls += 1
    if (calls === nth) await env.DB.prepare(`UPDATE users SET groups = '', groups_at = groups_at + 1`).run()
    return results
  })
}

it.each([1, 2, 3, 4])(
  'a board of a group is answered although its members leave after D1 call %i',
  async (nth) => {
    await freshLog()
    setClock(noon)
    const content = { type: 'questions.answer', id: `retracted ${nth}` }
    await send('contribution.created', [aContribution(), aContribution({ content })], noon)
    // A user with a retracted contribution: the instant of the newest other one is read from the log.
    await send('contribution.retracted', { content, reason: 'spam' }, noon)
    await send('user.updated', { id: 1, groups: ['staff'] }, noon)
    emptyGroupAfter(nth)
    const { entries } = await read('/v1/leaderboards/overall?window=90d&group=staff')
    expect(entries.length).toBeLessThanOrEqual(1)
    for (const { count, last_contribution_at: at } of entries)
      expect([count, Date.parse(at)]).toEqual([1, noon - 60_000])
  },
)
