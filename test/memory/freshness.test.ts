import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { rankingOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { takeD1Out } from '../support/faults.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, types, type SentMessage } from '../support/oracle.ts'
import { searchEverybody } from '../support/oracleSearch.ts'
import { renewEpoch, takeBookmark } from '../support/timeTravel.ts'
import { send, type Json } from '../support/site.ts'
import { workerWithMemory, type MemoryWorker } from './support/workerWithMemory.ts'

const day = 86_400_000

/** The log as it was from one instant on. */
interface State {
  since: number
  messages: readonly SentMessage[]
  position: number
}

/** A site whose clock the test moves: what it sent, and what it may read. */
interface Site {
  worker: MemoryWorker
  now: number
  states: State[]
  bookmark: { state: State; restore: () => Promise<void> }
  endOutage: (() => void) | undefined
  /** When D1 last worked again. */
  recoveredAt: number
  sent: number
  fromMemory: number
}

interface Step {
  title: string
  run: (site: Site) => Promise<void>
}

const latestOf = ({ states }: Site): State => states.at(-1)!

/** The states that an answer may reflect: those that lasted until less than `age` ago. */
const statesWithin = ({ states, now }: Site, age: number): State[] =>
  states.filter((_, index) => (states[index + 1]?.since ?? Infinity) > now - age)

const sendMessage = async (site: Site, type: string, data: Record<string, unknown>): Promise<void> => {
  const timestamp = new Date(noon - 600_000 + site.sent * 1000).toISOString()
  site.sent += 1
  const { position } = await send(type, data, timestamp)
  const { messages } = latestOf(site)
  site.states.push({ since: site.now, messages: [...messages, { type, timestamp, data }], position })
}

const contribute = fc
  .record({
    user: fc.integer({ min: 1, max: 3 }),
    type: fc.constantFrom('answer', 'kb_edit'),
    // At the edge of a window, which it leaves during the test.
    days: fc.constantFrom(0, 7, 30, 90),
    later: fc.integer({ min: 0, max: 6000 }),
  })
  .map(({ user, type, days, later }): Step => ({
    title: `user ${user} contributes ${type}, ${days} days ago and ${later} ms later`,
    run: async (site) => {
      if (site.endOutage) return
      await sendMessage(site, 'contribution.created', {
        type,
        user: { id: user },
        occurred_at: new Date(noon - days * day + (days === 0 ? 0 : later)).toISOString(),
        content: { type: 'c', id: String(site.sent) },
        locale: 'en-US',
      })
    },
  }))

const otherMessage = fc
  .oneof(
    fc.record({ type: fc.constant('user.erased'), data: fc.record({ id: fc.constant(3) }) }),
    fc.record({
      type: fc.constant('user.updated'),
      data: fc.record({
        id: fc.integer({ min: 1, max: 3 }),
        username: fc.constantFrom('user', 'ben', null),
        is_hidden: fc.boolean(),
      }),
    }),
    fc.record({
      type: fc.constantFrom('contribution.retracted', 'contribution.restored'),
      data: fc.record({
        content: fc.record({ type: fc.constant('c'), id: fc.integer({ min: 0, max: 8 }).map(String) }),
        reason: fc.constant('spam'),
      }),
    }),
  )
  .map(({ type, data }): Step => ({
    title: `${type} ${JSON.stringify(data)}`,
    run: async (site) => {
      if (!site.endOutage) await sendMessage(site, type, data)
    },
  }))

const completeAll: Step = {
  title: 'the history is declared complete',
  run: async (site) => {
    if (site.endOutage) return
    for (const type of types) await sendMessage(site, 'coverage.declared', { type, complete: true })
  },
}

const ticking = (by: number): Step => ({
  title: `${by} ms pass`,
  run: async (site) => {
    site.now += by
    setClock(site.now)
  },
})

const advance = fc.constantFrom(1, 100, 499, 500, 501, 999, 1000, 1999, 2000, 2500, 5000).map(ticking)

/** Compares an answer with what it may be: by brute force, over each log that was the present shortly before. */
const compare = (
  site: Site,
  answer: Json,
  { ageMax, expected }: { ageMax: number; expected: (oracle: Oracle, asOf: number) => unknown },
): void => {
  const { as_of: asOf, position, ...rest } = answer
  const allowed = statesWithin(site, ageMax).filter((state) => state.position === position)
  const candidates = allowed.map(({ messages }) => expected(new Oracle(messages), Date.parse(asOf)))
  expect(candidates, `at ${position}`).toContainEqual(rest)
}

const userStep = (id: number, past: boolean): Step => ({
  title: `user ${id} is read${past ? ' as of noon' : ''}`,
  run: async (site) => {
    const path = `/v1/users/${id}${past ? `?as_of=${new Date(noon).toISOString()}` : ''}`
    const { status, age, body, isFromMemory } = await site.worker.read(path)
    if (status === 503) return expect(site.endOutage).toBeDefined()
    if (isFromMemory) site.fromMemory += 1
    const ageMax = 1000 + (age === undefined ? 0 : age * 1000 + 1000)
    if (status === 404) {
      // A 404 has no Age. While D1 fails, and until the next refresh, a counter knows what it knew before.
      const isStale = site.endOutage !== undefined || site.now - site.recoveredAt < 1000
      const states = statesWithin(site, isStale ? Infinity : ageMax)
      const profiles = states.map(({ messages }) => new Oracle(messages).profile(id))
      return expect(profiles).toContain(undefined)
    }
    expect(body.as_of).toBe(new Date(past ? noon : site.now).toISOString())
    compare(site, body, { ageMax, expected: (oracle, asOf) => oracle.user(id, asOf, !past) })
  },
})

const readUser = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([id, past]) => userStep(id, past))

const readOwnWrite: Step = {
  title: 'user 1 is read at the last position',
  run: async (site) => {
    const { position } = latestOf(site)
    const { status, age, body } = await site.worker.read(`/v1/users/1?at_least=${position}`)
    if (status !== 200 || age !== undefined) return
    expect(body.position).toBeGreaterThanOrEqual(position)
    compare(site, body, { ageMax: 1000, expected: (oracle, asOf) => oracle.user(1, asOf, true) })
  },
}

const readBoard: Step = {
  title: 'a board is read',
  run: async (site) => {
    const { status, age, body, isFromMemory } = await site.worker.read('/v1/leaderboards/overall')
    if (status === 503) return expect(site.endOutage).toBeDefined()
    if (isFromMemory) site.fromMemory += 1
    const { entries, total, position, as_of } = body
    expect(site.now - Date.parse(as_of)).toBeLessThan(5000 + (age === undefined ? 0 : age * 1000 + 1000))
    compare(
      site,
      { as_of, position, entries, total },
      {
        ageMax: 5000 + (age === undefined ? 0 : age * 1000 + 1000),
        expected: (oracle, asOf) => {
          const all = oracle.board('overall', { from: asOf - 90 * day, to: null })
          return { entries: all, total: all.length }
        },
      },
    )
  },
}

const readMetric: Step = {
  title: 'a metric is read',
  run: async (site) => {
    const { status, age, body, isFromMemory } = await site.worker.read('/v1/metrics/kb_contributors')
    if (status === 503) return expect(site.endOutage).toBeDefined()
    if (isFromMemory) site.fromMemory += 1
    const { value, position, as_of } = body
    compare(
      site,
      { as_of, position, value },
      {
        ageMax: 5000 + (age === undefined ? 0 : age * 1000 + 1000),
        expected: (oracle, asOf) => ({
          value: oracle.metric('kb_contributors', { from: asOf - 30 * day, to: null }),
        }),
      },
    )
  },
}

const searchUsers: Step = {
  title: 'users are searched for',
  run: async (site) => {
    const { status, age, body, isFromMemory } = await site.worker.read('/v1/users?search=user')
    if (status === 503) return expect(site.endOutage).toBeDefined()
    if (isFromMemory) site.fromMemory += 1
    compare(site, body, {
      ageMax: 5000 + (age === undefined ? 0 : age * 1000 + 1000),
      expected: (oracle) => ({ users: searchEverybody(oracle, 'user') }),
    })
  },
}

const settle: Step = {
  title: 'what runs in the background ends',
  run: async ({ worker }) => await worker.settle(),
}

/** Reads often enough that the memory answers, if it may. */
const traffic: Step = {
  title: 'three users are read by many',
  run: async (site) => {
    for (let round = 0; round < 3; round += 1) {
      for (const id of [1, 2, 3]) await userStep(id, round === 1).run(site)
      await site.worker.settle()
    }
  },
}

/** The tail of the log is read between two reads of a user, again and again. */
const busySeconds: Step = {
  title: 'three users are read by many for two seconds',
  run: async (site) => {
    for (let half = 0; half < 4; half += 1) {
      await ticking(500).run(site)
      await traffic.run(site)
    }
  },
}

const evict: Step = {
  title: 'the objects are evicted',
  run: async () => {
    const board = rankingOf(env, { of: 'overall', windowDays: 90, locale: null, product: null })
    for (const stub of [env.USER_COUNTERS.getByName('1'), env.USER_DIRECTORY.getByName('log'), board])
      await evictDurableObject(stub).catch(() => undefined)
  },
}

const outage: Step = {
  title: 'D1 fails, or works again',
  run: async (site) => {
    site.endOutage?.()
    if (site.endOutage) site.recoveredAt = site.now
    site.endOutage = site.endOutage ? undefined : takeD1Out()
  },
}

const restore = fc.boolean().map((isEpochRenewed): Step => ({
  title: `D1 is restored${isEpochRenewed ? ', and the epoch renewed' : ''}`,
  run: async (site) => {
    if (site.endOutage) return
    await site.bookmark.restore()
    if (isEpochRenewed) await renewEpoch()
    const { messages, position } = site.bookmark.state
    site.states.push({ since: site.now, messages, position })
  },
}))

/** Several steps at the same time. */
const together = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.array(steps, { minLength: 2, maxLength: 4 }).map((all) => ({
    title: `together: ${all.map(({ title }) => title).join(' + ')}`,
    run: async (site) => void (await Promise.all(all.map(async ({ run }) => run(site)))),
  }))

const read = fc.oneof(
  { weight: 6, arbitrary: readUser },
  fc.constantFrom(readBoard, readMetric, searchUsers, readOwnWrite),
)

const steps = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: read },
    { weight: 3, arbitrary: together(read) },
    { weight: 8, arbitrary: advance },
    { weight: 3, arbitrary: contribute },
    { weight: 2, arbitrary: otherMessage },
    { weight: 4, arbitrary: fc.constantFrom(settle, traffic, evict, outage, completeAll) },
    { weight: 4, arbitrary: fc.constant(busySeconds) },
    { weight: 1, arbitrary: restore },
  ),
  { minLength: 20, maxLength: 40, size: 'max' },
)

/** Two users with history, of which a copy is kept that D1 can be restored to. */
const openSite = async (): Promise<Site> => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
  const empty = { since: -Infinity, messages: [], position: 0 }
  const bookmark = { state: empty, restore: async () => undefined }
  const site: Site = {
    worker: workerWithMemory(),
    now: noon,
    states: [empty],
    bookmark,
    endOutage: undefined,
    recoveredAt: -Infinity,
    sent: 0,
    fromMemory: 0,
  }
  for (const id of [1, 2, 3]) await sendMessage(site, 'user.updated', { id, username: `user${id}` })
  site.bookmark = { state: latestOf(site), restore: await takeBookmark() }
  return site
}

afterEach(() => vi.restoreAllMocks())

it('every answer, from memory or not, equals brute force over the log of a moment ago, whatever happens', async () => {
  let fromMemory = 0
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const site = await openSite()
      const done: string[] = []
      try {
        // So that the tail of the log is followed.
        const warmUp = [traffic, ticking(250), traffic]
        for (const { title, run } of [...warmUp, ...all]) {
          done.push(title)
          await run(site)
        }
      } catch (error) {
        throw new Error(`After:\n${done.join('\n')}`, { cause: error })
      } finally {
        site.endOutage?.()
        await site.worker.settle()
      }
      fromMemory += site.fromMemory
    }),
    { numRuns: amount(8, 150) },
  )
  expect(fromMemory).toBeGreaterThan(100)
})
