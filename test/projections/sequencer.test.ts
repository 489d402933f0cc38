import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isFailure, LogUnavailable } from '../../src/failure.ts'
import { logInputOf, parseMessage } from '../../src/ingest/message.ts'
import { append, AppendQueue } from '../../src/log/append.ts'
import { nothing, type Appended, type LogInput } from '../../src/log/logInput.ts'
import { sequencerOf, type Sequencer } from '../../src/projections/Sequencer.ts'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { aContribution, post, send, type Json } from '../support/site.ts'

/** A queue whose batches wait until the test lets each of them go on. */
const heldQueue = (appendBatch: (logInput: LogInput, now: number) => Promise<Appended>) => {
  const batches: { logInput: LogInput; now: number; goOn: () => void }[] = []
  const queue = new AppendQueue(async (logInput, now) => {
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    batches.push({ logInput, now, goOn })
    await promise
    return await appendBatch(logInput, now)
  })
  return { queue, batches }
}

/** The size of a message of one item. */
const sized = (bytes: number) => ({ bytes, items: 1 })

const empty: Appended = {
  position: 0,
  contributions: [],
  corrections: [],
  amendments: [],
  deletions: [],
  users: [],
  declarations: [],
}

const inputOf = (type: string, data: unknown, at: number): LogInput => {
  const message = parseMessage({ type, timestamp: new Date(at).toISOString(), data }, noon)
  if (isFailure(message)) throw new Error(JSON.stringify(message))
  return logInputOf(message, new Set([9]))
}

/** All that is in the database, but for the revisions of users: they tell only how often users were written. */
const contents = async (): Promise<unknown> => {
  const tables = [
    'events',
    'corrections',
    'amendments',
    'contents',
    'users',
    'group_members',
    'coverage',
    'filter_values',
  ]
  const rows = await Promise.all(
    tables.map(async (name) => (await env.DB.prepare(`SELECT * FROM ${name}`).all()).results),
  )
  return rows.map((table) => table.map((row) => JSON.stringify({ ...row, revision: undefined })).sort())
}

/** Messages about few things, so that most of them meet. */
const content = fc.record({ type: fc.constant('questions.answer'), id: fc.constantFrom('1', '2', '3') })
const titled = fc.record(
  {
    type: fc.constant('questions.answer'),
    id: fc.constantFrom('1', '2', '3'),
    title: fc.constantFrom('How', 'Why'),
  },
  { requiredKeys: ['type', 'id'] },
)
const type = fc.constantFrom('answer', 'solution')
const user = fc.record(
  { id: fc.constantFrom(1, 2, 9), username: fc.constantFrom('ana', 'bo', null) },
  { requiredKeys: ['id'] },
)
const dated = (kind: fc.Arbitrary<string>, item: fc.Arbitrary<object>) =>
  fc.tuple(
    kind,
    fc.array(item, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(1, 2, 3).map((n) => noon - n),
  )
const messages = fc.oneof(
  dated(
    fc.constant('contribution.created'),
    fc.record({
      type,
      user,
      content: titled,
      occurred_at: fc.constantFrom('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'),
      spam: fc.constantFrom(false, false, true),
    }),
  ),
  dated(
    fc.constant('contribution.retracted'),
    fc.record({ content, type: fc.option(type), reason: fc.constant('spam') }),
  ),
  dated(fc.constant('contribution.restored'), fc.record({ content, type: fc.option(type) })),
  dated(
    fc.constant('contribution.amended'),
    fc.record({
      content,
      type: fc.option(type),
      set: fc.oneof(fc.record({ user }), fc.record({ product: fc.constantFrom('firefox', 'mobile', null) })),
    }),
  ),
  dated(fc.constantFrom('content.deleted', 'content.undeleted'), fc.record({ content })),
  dated(
    fc.constant('user.updated'),
    fc.record(
      {
        id: fc.constantFrom(1, 2),
        username: fc.constantFrom('cy', 'di'),
        is_hidden: fc.boolean(),
        groups: fc.constantFrom([], ['staff'], ['l10n', 'staff']),
      },
      { requiredKeys: ['id'] },
    ),
  ),
  dated(fc.constant('user.erased'), fc.record({ id: fc.constantFrom(1, 2) })),
  dated(
    fc.constant('coverage.declared'),
    fc.record({
      type,
      complete: fc.boolean(),
      since: fc.option(fc.constantFrom('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z')),
    }),
  ),
)

/** A batch appends contributions first, then corrections, amendments, deletions, facts about users, and declarations. */
const rankOf = (input: LogInput): number => {
  const { corrections, amendments, deletions, users, declarations } = input
  return 1 + [corrections, amendments, deletions, users, declarations].findIndex(({ length }) => length > 0)
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

describe('a queue of appends', () => {
  it('gives every message the verdicts, and the log the rows, of appending them one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(messages, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        async (waves) => {
          await freshLog()
          const inputs = waves.map((wave) => wave.map(([kind, data, at]) => inputOf(kind, data, at)))
          const { queue, batches } = heldQueue(
            async (input, now) => await append(env.DB, input, 'webhook', now),
          )
          const first = queue.append(nothing, noon, sized(0))
          const answers: Promise<Appended>[][] = []
          for (const [index, wave] of inputs.entries()) {
            answers.push(wave.map(async (input) => await queue.append(input, noon, sized(1))))
            batches[index]?.goOn()
            while (batches.length < index + 2) await scheduler.wait(0)
          }
          batches.at(-1)?.goOn()
          await first
          const found = await Promise.all(answers.map(async (wave) => await Promise.all(wave)))
          const merged = await contents()

          await freshLog()
          for (const [index, wave] of inputs.entries()) {
            const order = [...wave.keys()].sort(
              (one, other) => rankOf(wave[one] ?? nothing) - rankOf(wave[other] ?? nothing),
            )
            const expected: Appended[] = []
            for (const place of order)
              expected[place] = await append(env.DB, wave[place] ?? nothing, 'webhook', noon)
            const position = Math.max(...expected.map((each) => each.position))
            expect(found[index]).toEqual(expected.map((each) => ({ ...each, position })))
          }
          expect(merged).toEqual(await contents())
        },
      ),
      { numRuns: amount(40, 400) },
    )
  })

  it('appends at once while no batch is in flight, and otherwise all that waits as the next batch', async () => {
    const { queue, batches } = heldQueue(async () => empty)
    const answers = [queue.append(nothing, 1, sized(10))]
    expect(batches.length).toBe(1)
    answers.push(queue.append(inputOf('user.erased', { id: 1 }, noon), 5, sized(10)))
    answers.push(queue.append(inputOf('user.erased', { id: 2 }, noon), 3, sized(10)))
    expect(batches.length).toBe(1)
    batches[0]?.goOn()
    await answers[0]
    expect(batches.length).toBe(2)
    expect(batches[1]).toMatchObject({ now: 5, logInput: { users: [{ id: 1 }, { id: 2 }] } })
    batches[1]?.goOn()
    await Promise.all(answers)
  })

  it('puts at most 256 KiB of messages in a batch of several, oldest first', async () => {
    const { queue, batches } = heldQueue(async () => empty)
    const sizes = [1, 100, 100, 57, 300, 1, 255].map((size) => size * 1024)
    const answers = sizes.map(
      async (size, id) => await queue.append(inputOf('user.erased', { id: id + 1 }, noon), 0, sized(size)),
    )
    for (let index = 0; index < 5; index += 1) {
      while (batches.length <= index) await scheduler.wait(0)
      batches[index]?.goOn()
    }
    await Promise.all(answers)
    expect(batches.map(({ logInput }) => logInput.users.map(({ id }) => id))).toEqual([
      [1],
      [2, 3],
      [4],
      [5],
      [6, 7],
    ])
  })

  it('refuses messages while 4 MiB wait', async () => {
    const { queue, batches } = heldQueue(async () => empty)
    const kept = [0, 1, 2, 3, 4].map(async () => await queue.append(nothing, 0, sized(1_048_576)))
    await expect(queue.append(nothing, 0, sized(1))).rejects.toThrow(LogUnavailable)
    for (let index = 0; index < 5; index += 1) {
      while (batches.length <= index) await scheduler.wait(0)
      batches[index]?.goOn()
    }
    expect(await Promise.all(kept)).toEqual([empty, empty, empty, empty, empty])
    const later = queue.append(nothing, 0, sized(1))
    batches[5]?.goOn()
    expect(await later).toEqual(empty)
  })
})

describe('webhooks that arrive while another is written', () => {
  it('are written as one batch, and none is answered before the commit', async () => {
    await send('contribution.created', aContribution())
    holdTimers()
    const log = holdD1()
    let answered = 0
    const deliver = async (data: unknown): Promise<Json> => {
      const body = JSON.stringify({
        type: 'contribution.created',
        timestamp: new Date(noon).toISOString(),
        data,
      })
      const response = await post(body)
      answered += 1
      return await response.json()
    }
    const same = aContribution()
    const first = deliver(aContribution())
    await log.reached()
    const arrivals = await runInDurableObject(sequencerOf(env), (sequencer: Sequencer) =>
      vi.spyOn(Object.getPrototypeOf(sequencer) as Sequencer, 'append'),
    )
    const others = [aContribution(), same, same, [aContribution(), aContribution()]].map(deliver)
    while (arrivals.mock.calls.length < others.length) await scheduler.wait(2)
    log.step()
    await first
    await log.reached()
    expect(answered).toBe(1)
    log.step() // lets only one batch pass
    const answers = await Promise.all(others)
    expect(answers.map(({ position }) => position)).toEqual([6, 6, 6, 6])
    const statuses = answers.flatMap(({ results }) => results.map(({ status }: Json) => status))
    const count = (status: string): number => statuses.filter((each) => each === status).length
    expect([statuses.length, count('recorded'), count('duplicate')]).toEqual([5, 4, 1])
  })
})
