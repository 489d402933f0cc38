import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { nothing, type LogInput } from '../../src/log/logInput.ts'
import { SharedCalls, type MessageSize, type Sequenced } from '../../src/projections/SharedCalls.ts'
import { holdTimers } from '../support/clock.ts'
import { amount } from '../support/form.ts'

/** A call of the sequencer that the test answers. */
interface HeldCall {
  users: number[]
  now: number
  size: MessageSize
  answer: (outcome: 'recorded' | 'unavailable' | 'refused') => void
}

const never = async (): Promise<void> => await new Promise(() => undefined)

/** Messages that share calls, each about a different user. `waitForTurn`: how long they wait for the call in flight. */
const heldCalls = (waitForTurn: () => Promise<void> = never) => {
  const shared = new SharedCalls(waitForTurn)
  const made: HeldCall[] = []
  const call = async ({ users }: LogInput, now: number, size: MessageSize): Promise<Sequenced> => {
    const { promise, resolve } = Promise.withResolvers<Sequenced>()
    const position = made.length + 1
    made.push({
      users: users.map(({ id }) => id),
      now,
      size,
      answer: (outcome) => {
        if (outcome !== 'recorded') return resolve(outcome)
        const empty = { contributions: [], corrections: [], amendments: [], deletions: [], declarations: [] }
        // Whether a user is new tells the outcomes of two messages apart.
        resolve({ ...empty, position, users: users.map(({ id }) => id % 2 === 0) })
      },
    })
    return await promise
  }
  const append = async (id: number, bytes = 10, items = 2): Promise<Sequenced> => {
    const user = { id, at: 0, profile: {}, flags: {}, erased: false }
    const size = { bytes, items, messages: 1 }
    return await shared.append({ logInput: { ...nothing, users: [user] }, now: id, size }, call)
  }
  /** Resolves when that many calls were made. */
  const reached = async (count: number): Promise<void> => {
    while (made.length < count) await scheduler.wait(1)
  }
  return { made, append, reached }
}

const recorded = (id: number, position: number) => ({
  position,
  contributions: [],
  corrections: [],
  amendments: [],
  deletions: [],
  users: [id % 2 === 0],
  declarations: [],
})

afterEach(() => {
  vi.restoreAllMocks()
})

it('makes a call at once for a message, and one call for all that arrive meanwhile', async () => {
  const { made, append, reached } = heldCalls()
  const sent = [1, 4, 2, 3].map(async (id) => await append(id))
  expect(made).toMatchObject([{ users: [1], now: 1, size: { bytes: 10, items: 2, messages: 1 } }])
  made[0]?.answer('recorded')
  await reached(2)
  expect(made[1]).toMatchObject({ users: [4, 2, 3], now: 4, size: { bytes: 30, items: 6, messages: 3 } })
  made[1]?.answer('recorded')
  expect(await Promise.all(sent)).toEqual([recorded(1, 1), recorded(4, 2), recorded(2, 2), recorded(3, 2)])
})

it('waits for messages from the senders that were just answered', async () => {
  const { made, append, reached } = heldCalls()
  const sent = [1, 2, 3].map(async (id) => await append(id))
  made[0]?.answer('recorded')
  await sent[0]
  sent.push(append(4))
  await reached(2)
  expect(made[1]?.users).toEqual([2, 3, 4])
  made[1]?.answer('recorded')
  await Promise.all(sent)
  const next = [5, 6].map(async (id) => await append(id)) // the third does not come
  await reached(3)
  expect(made[2]?.users).toEqual([5, 6])
  made[2]?.answer('recorded')
  await Promise.all(next)
})

it('answers half of many messages before the others, and makes the next call after all', async () => {
  const pause = Promise.withResolvers<void>()
  const wait = scheduler.wait.bind(scheduler)
  vi.spyOn(scheduler, 'wait').mockImplementation(async (milliseconds) =>
    milliseconds === 0 ? await pause.promise : await wait(milliseconds),
  )
  const { made, append, reached } = heldCalls()
  const first = append(0)
  const answered: number[] = []
  const sent = Array.from({ length: 9 }, async (_, index) => {
    const outcome = await append(index + 1)
    answered.push(index + 1)
    return outcome
  })
  made[0]?.answer('recorded')
  await reached(2)
  made[1]?.answer('recorded')
  while (answered.length < 4) await wait(1)
  const next = append(10)
  await wait(5)
  expect([made.length, answered]).toEqual([2, [2, 3, 4, 5]])
  pause.resolve()
  expect(await Promise.all([first, ...sent])).toEqual([
    recorded(0, 1),
    ...sent.map((__, index) => recorded(index + 1, 2)),
  ])
  await reached(3)
  made[2]?.answer('recorded')
  expect(await next).toEqual(recorded(10, 3))
})

it('puts at most 2,000 items in a call of several messages', async () => {
  const { made, append, reached } = heldCalls()
  const sent = [1, 2, 3, 4].map(async (id) => await append(id, 10, 1000))
  for (let index = 0; index < 3; index += 1) {
    await reached(index + 1)
    made[index]?.answer('recorded')
  }
  await Promise.all(sent)
  expect(made.map(({ users }) => users)).toEqual([[1], [2, 3], [4]])
})

it('puts at most 256 KiB of messages in a call, oldest first', async () => {
  const { made, append, reached } = heldCalls()
  const sizes = [1, 100, 100, 57, 300, 1].map((size) => size * 1024)
  const sent = sizes.map(async (size, index) => await append(index + 1, size))
  for (let count = 1; count <= 5; count += 1) {
    await reached(count)
    made[count - 1]?.answer('recorded')
  }
  await Promise.all(sent)
  expect(made.map(({ users }) => users)).toEqual([[1], [2, 3], [4], [5], [6]])
})

it('makes a call for the messages that wait if the call in flight takes 500 ms', async () => {
  const turns: (() => void)[] = []
  const { made, append, reached } = heldCalls(async () => await new Promise((end) => turns.push(end)))
  const sent = [1, 2, 3].map(async (id) => await append(id))
  turns[0]?.()
  await reached(2)
  expect(made[1]?.users).toEqual([2, 3])
  made[1]?.answer('recorded')
  expect(await Promise.all(sent.slice(1))).toEqual([recorded(2, 2), recorded(3, 2)])
  made[0]?.answer('recorded')
  expect(await sent[0]).toEqual(recorded(1, 1))
})

it('reports that the log is unavailable if the request that made the call is lost, and goes on with the others', async () => {
  const pass = holdTimers()
  const turn = Promise.withResolvers<void>()
  const { made, append, reached } = heldCalls(async () => await turn.promise)
  const sent = [1, 2, 3].map(async (id) => await append(id))
  made[0]?.answer('recorded')
  await reached(2) // never answered
  const later = append(4)
  turn.resolve()
  await reached(3)
  made[2]?.answer('recorded')
  expect(await later).toEqual(recorded(4, 3))
  pass(14_300)
  expect(await sent[2]).toBe('unavailable')
  const last = append(5)
  await reached(4)
  made[3]?.answer('recorded')
  expect(await last).toEqual(recorded(5, 4))
})

it('gives each message the outcome of the one call that has it, whatever the order of arrivals and answers', async () => {
  const outcome = fc.constantFrom('recorded', 'recorded', 'recorded', 'refused', 'unavailable')
  const step = fc.oneof(
    fc.record({ arrive: fc.constantFrom(1, 1000, 65_536) }),
    fc.record({ answer: outcome, which: fc.nat(3) }),
    fc.record({ wait: fc.constantFrom(0, 6) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, isSlow) => {
      // If it is slow, each message soon makes its own call, while others are in flight.
      const { made, append } = heldCalls(isSlow ? async () => await scheduler.wait(2) : never)
      const answered = new Map<HeldCall, Sequenced | 'recorded'>()
      const answerOne = (which: number, given: 'recorded' | 'refused' | 'unavailable'): void => {
        const open = made.filter((each) => !answered.has(each))
        const chosen = open[which % Math.max(open.length, 1)]
        if (chosen === undefined) return
        answered.set(chosen, given)
        chosen.answer(given)
      }
      const sent: Promise<Sequenced>[] = []
      for (const each of steps) {
        if ('arrive' in each) sent.push(append(sent.length + 1, each.arrive))
        else if ('answer' in each) answerOne(each.which, each.answer)
        else await scheduler.wait(each.wait)
      }
      let settled = 0
      for (const each of sent) void each.then(() => (settled += 1))
      while (settled < sent.length) {
        answerOne(0, 'recorded')
        await scheduler.wait(1)
      }
      const outcomes = await Promise.all(sent)
      const called = made.flatMap(({ users }) => users)
      expect(called.length).toBe(new Set(called).size)
      for (const [index, found] of outcomes.entries()) {
        const id = index + 1
        const place = made.findIndex(({ users }) => users.includes(id))
        const call = made[place]
        const given = call && answered.get(call)
        // A message that waits when the log is out is told so without a call.
        if (call === undefined)
          expect([found, [...answered.values()]]).toEqual([
            'unavailable',
            expect.arrayContaining(['unavailable']),
          ])
        else expect(found).toEqual(given === 'recorded' ? recorded(id, place + 1) : given)
      }
      for (const { size } of made) expect(size.messages === 1 || size.bytes <= 262_144).toBe(true)
    }),
    { numRuns: amount(60, 600) },
  )
})
