import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { outcomes } from '../../src/contributions/contribution.ts'
import { noDeliveries } from '../../src/projections/Deliveries.ts'
import { sequencerOf, type Sequencer } from '../../src/projections/Sequencer.ts'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, post, send, sign, token, type Json } from '../support/site.ts'

const day = 86_400_000

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

afterEach(() => {
  vi.restoreAllMocks()
})

const deliveries = async (): Promise<Json> => {
  const response = await fetchApi('/v1/deliveries', { headers: { authorization: `Bearer ${token}` } })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return await response.json()
}

describe('GET /v1/deliveries', () => {
  it('is empty before the first message', async () => {
    expect(await deliveries()).toEqual({ as_of: '2026-11-20T12:00:00.000Z', last_message_at: null, days: [] })
  })

  it('needs the operator’s token', async () => {
    expect((await fetchApi('/v1/deliveries')).status).toBe(401)
  })

  it('adds up the outcomes of webhooks day by day, whatever the webhooks contain', async () => {
    const few = { content: { type: 'questions.answer', id: '1' } }
    const messages = fc.constantFrom<[type: string, data: unknown]>(
      ['contribution.created', aContribution(few)],
      ['contribution.created', [aContribution({ ...few, locale: 'de' }), aContribution({ spam: true })]],
      ['contribution.created', [aContribution({ user: { id: 900 } }), aContribution()]],
      ['contribution.retracted', { ...few, reason: 'spam' }],
      [
        'contribution.amended',
        [
          { ...few, set: { user: { id: 901 } } },
          { ...few, set: { product: 'mobile' } },
        ],
      ],
      [
        'user.updated',
        [
          { id: 1, username: 'ana' },
          { id: 1, username: 'ana' },
        ],
      ],
      ['content.deleted', few],
      ['coverage.declared', { type: 'answer', complete: true }],
      // Longer than the sequencer takes.
      ['contribution.created', Array.from({ length: 400 }, () => aContribution())],
    )
    const steps = fc.array(fc.tuple(messages, fc.constantFrom(0, 1000, day)), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        await freshLog()
        let now = noon
        const expected = new Map<string, Record<string, number>>()
        for (const [[type, data], wait] of story) {
          setClock((now += wait))
          const { results }: Json = await send(type, data)
          const date = new Date(now).toISOString().slice(0, 10)
          const counts = expected.get(date) ?? { ...noDeliveries }
          counts['messages'] = (counts['messages'] ?? 0) + 1
          for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1
          expected.set(date, counts)
        }
        const days = [...expected].map(([date, counts]) => ({ date, ...counts })).toReversed()
        const at = new Date(now).toISOString()
        expect(await deliveries()).toEqual({ as_of: at, last_message_at: at, days })
      }),
      { numRuns: amount(8, 200) },
    )
  })

  it('counts messages that were refused, but none whose signature is invalid', async () => {
    const statuses = []
    statuses.push((await post('{')).status)
    statuses.push((await post('{"type":"contribution.created"}')).status)
    const headers = { ...sign('x'), 'content-type': 'text/plain' }
    statuses.push((await fetchApi('/v1/webhooks', { method: 'POST', body: 'x', headers })).status)
    expect(statuses).toEqual([400, 422, 415])
    expect((await fetchApi('/v1/webhooks', { method: 'POST', body: '{}', headers: sign('x') })).status).toBe(
      401,
    )
    expect((await deliveries()).days).toEqual([{ date: '2026-11-20', ...noDeliveries, refused: 3 }])
  })

  it('keeps the last 90 days that had messages', async () => {
    for (let index = 0; index < 93; index += 1) {
      await runInDurableObject(sequencerOf(env), (sequencer: Sequencer) =>
        sequencer.count({ ...noDeliveries, messages: 1 }, noon + 2 * index * day),
      )
    }
    const { days } = await deliveries()
    expect([days.length, days[0].date, days.at(-1).date]).toEqual([90, '2027-05-23', '2026-11-26'])
  })
})

describe('the counts of deliveries', () => {
  it('are stored at once, then once every 8 s however many messages come, and survive a restart', async () => {
    const goOn = holdTimers()
    const puts = await runInDurableObject(sequencerOf(env), (_, { storage }) => vi.spyOn(storage, 'put'))
    for (let count = 0; count < 5; count += 1) await send('contribution.created', aContribution())
    expect(puts.mock.calls.map(([name, value]) => [name, (value as Json).days[0].messages])).toEqual([
      ['deliveries', 1],
    ])
    goOn(8000)
    await vi.waitFor(() => expect(puts).toHaveBeenCalledTimes(2))
    await runInDurableObject(sequencerOf(env), (__, state) => state.abort('reset by a test')).catch(
      () => undefined,
    )
    const [{ messages, recorded }] = (await deliveries()).days
    expect([messages, recorded]).toEqual([5, 5])
  })

  it('go on from a day that an earlier deployment stored without one of them', async () => {
    const { unchanged: _, ...fewer } = noDeliveries
    await runInDurableObject(sequencerOf(env), async (__, state) => {
      state.storage.kv.put('deliveries', {
        lastAt: noon,
        days: [{ date: '2026-11-20', ...fewer, applied: 2 }],
      })
      await state.storage.sync()
      state.abort('reset by a test')
    }).catch(() => undefined)
    await send('contribution.created', aContribution())
    const counts = { ...noDeliveries, messages: 1, recorded: 1, applied: 2 }
    expect((await deliveries()).days).toEqual([{ date: '2026-11-20', ...counts }])
  })

  it('have a number for every outcome that an item can have', () => {
    expect(Object.keys(noDeliveries)).toEqual(['messages', 'refused', ...outcomes])
  })
})
