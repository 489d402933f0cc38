import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readGroup, type LogEntry } from '../../src/log/queries/entries.ts'
import { ColumnStore, noSizes } from '../../src/projections/columns/columnStore.ts'
import { FollowedColumns } from '../../src/projections/columns/followedColumns.ts'
import { logColumnsOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const columns = () => logColumnsOf(env)

/** The platform's limit of a value, in bytes. It holds in production only. */
const valueMax = 2_000_000

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

const give = async (id: number, count: number, fields: Record<string, unknown> = {}): Promise<void> => {
  const contributions = Array.from({ length: count }, () => aContribution({ user: { id }, ...fields }))
  await send('contribution.created', contributions)
}

/** Active people and contributions of this week. */
const thisWeek = async (query = ''): Promise<number[]> => {
  const { points, position } = await read(`/v1/community?from=2026-11-16${query}`)
  return [position, points[0].active, points[0].contributions]
}

/** Counts the rows that the object writes from now on. */
const meterWrites = async (): Promise<{ written: number }> => {
  const counted = { written: 0 }
  await runInDurableObject(columns(), (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql)
    const spy = (...parameters: Parameters<typeof exec>): Json => {
      const cursor = exec(...parameters)
      if (/^\s*INSERT/.test(parameters[0])) counted.written += cursor.rowsWritten
      return cursor
    }
    vi.spyOn(Object.getPrototypeOf(sql), 'exec').mockImplementation(spy as Json)
  })
  return counted
}

describe('the log in columns', () => {
  it('is read at most every two seconds: the new entries only, each once', async () => {
    await give(1, 3)
    expect(await thisWeek()).toEqual([3, 1, 3])
    const d1 = meterOfAll(env.DB)
    setClock(noon + 1999)
    expect(await thisWeek()).toEqual([3, 1, 3])
    expect(d1.batches).toBe(0)
    setClock(noon + 2000)
    expect(await thisWeek()).toEqual([3, 1, 3])
    expect([d1.batches, d1.rowsRead, d1.rowsWritten]).toEqual([1, 10, 0])
    vi.restoreAllMocks()
    await give(2, 400)
    const later = meterOfAll(env.DB)
    setClock(noon + 4000)
    expect(await thisWeek()).toEqual([403, 2, 403])
    expect([later.batches, later.rowsRead]).toEqual([1, 410])
  })

  it('writes a row for each new person and thread, and for each type with new entries, and none without new entries', async () => {
    await give(1, 3)
    await thisWeek()
    const counted = await meterWrites()
    setClock(noon + 2000)
    await thisWeek()
    expect(counted.written).toBe(0)
    const parent = { type: 'questions.question', id: '1' }
    await send('contribution.created', [
      aContribution({ parent }),
      aContribution({ parent, user: { id: 2 } }),
      aContribution({ type: 'question', user: { id: 3 }, content: parent }),
    ])
    setClock(noon + 4000)
    await thisWeek()
    // 2 people, 1 thread, the chunks of 2 types, and 1 kind.
    expect(counted.written).toBe(2 + 1 + 2 + 1)
  })

  it('continues from what is stored when the object is evicted', async () => {
    await give(1, 3)
    await thisWeek()
    await evictDurableObject(columns())
    await give(2, 2)
    setClock(noon + 2000)
    const d1 = meterOfAll(env.DB)
    expect(await thisWeek()).toEqual([5, 2, 5])
    expect([d1.batches, d1.rowsRead]).toEqual([1, 12])
  })

  it('counts a system account from the next refresh on, whether it has contributed before or after that', async () => {
    await give(1, 3)
    await give(2, 2)
    expect(await thisWeek()).toEqual([5, 2, 5])
    await send(
      'user.updated',
      [
        { id: 2, is_system: true },
        { id: 3, is_system: true },
      ],
      noon - 3000,
    )
    setClock(noon + 2000)
    expect(await thisWeek()).toEqual([5, 1, 3])
    await give(3, 1)
    setClock(noon + 4000)
    expect(await thisWeek()).toEqual([6, 1, 3])
    await send('user.updated', [{ id: 3, is_system: false }], noon - 2000)
    setClock(noon + 6000)
    expect(await thisWeek()).toEqual([6, 2, 4])
  })

  it('is read again from the beginning when the types that ask and answer have changed', async () => {
    await give(1, 3)
    await thisWeek()
    await runInDurableObject(columns(), (_, { storage }) => {
      const inTurn = async <Answer>(scan: () => Promise<Answer>): Promise<Answer> => await scan()
      expect(new FollowedColumns(storage, env.DB, inTurn).position).toBe(3)
      storage.kv.put('state', { ...(storage.kv.get('state') as object), threadTypes: 'null' })
      expect(new FollowedColumns(storage, env.DB, inTurn).state).toBeUndefined()
    })
    await evictDurableObject(columns())
    expect(await thisWeek()).toEqual([3, 1, 3])
  })

  it('is built again if a rebuild is requested while a refresh waits for the log', async () => {
    await give(1, 3)
    await thisWeek()
    await give(1, 1)
    const log = holdD1((results) => {
      for (const row of results.flatMap(({ results: rows }) => rows as Json[]))
        if ('entries' in row) row.entries = '[]'
    })
    setClock(noon + 2000)
    const answer = thisWeek()
    await log.reached()
    log.passOthers()
    const rebuilt = columns().rebuild(noon + 2000)
    await scheduler.wait(20)
    log.release()
    expect([await rebuilt, await answer]).toEqual([undefined, [4, 1, 4]])
  })

  it('answers for its position, or not at all, when it is rebuilt while the group is read', async () => {
    await send('user.updated', { id: 1, groups: ['staff'] }, noon - 3000)
    await give(1, 3)
    await give(2, 3)
    expect(await thisWeek('&group=staff')).toEqual([6, 1, 3])
    const log = holdD1()
    const answer = fetchApi('/v1/community?from=2026-11-16&group=staff')
    await log.reached()
    log.passOthers()
    await runInDurableObject(columns(), async (_, { storage }) => {
      // As forgetting does, after a restore of the log.
      storage.kv.delete('state')
    })
    await columns().rebuild(noon)
    log.release()
    const { points, position } = await (await answer).json<Json>()
    expect([position, points[0].contributions]).toEqual([6, 3])
  })

  it('gives 503 for a group while the log cannot be read, and otherwise what is stored', async () => {
    await give(1, 3)
    await thisWeek()
    vi.spyOn(Object.getPrototypeOf(env.DB), 'batch').mockRejectedValue(new Error('D1_ERROR: overloaded'))
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    setClock(noon + 60_000)
    const stored = await fetchApi('/v1/community?from=2026-11-16')
    const { points, position } = await stored.json<Json>()
    expect([position, points[0].contributions, stored.headers.get('age')]).toEqual([3, 3, '60'])
    expect((await fetchApi('/v1/community?group=staff')).status).toBe(503)
    expect((await fetchApi('/v1/community?at_least=4')).status).toBe(503)
    setClock(noon - 3_600_000) // The clock has been set back.
    expect((await fetchApi('/v1/community?from=2026-11-16')).headers.get('age')).toBe('3600')
  })

  it('reads a group of any size', async () => {
    await env.DB.prepare(
      `INSERT INTO group_members (name, user_id)
       WITH RECURSIVE ids (id) AS (SELECT 9007199254440991 UNION ALL SELECT id + 1 FROM ids LIMIT 150000) SELECT 'everyone', id FROM ids`,
    ).run()
    const query = readGroup(env.DB, 'everyone')
    const results = await env.DB.batch<{ ids: string }>(query.statements)
    const members = query.read(results)
    expect([members.length, new Set(members).size, members[0]]).toEqual([150_000, 150_000, 9007199254440991])
    expect(Math.max(...(results[0]?.results ?? []).map(({ ids }) => ids.length))).toBeLessThan(valueMax)
    await give(1, 3)
    expect((await read('/v1/community?group=everyone')).points.at(-1).active).toBe(0)
  })
})

const entry: fc.Arbitrary<LogEntry> = fc.record({
  kind: fc.record({
    type: fc.constantFrom('question', 'answer', 'constructor'),
    delta: fc.constantFrom(1, -1),
    self: fc.boolean(),
    locale: fc.constantFrom('', 'de'),
    product: fc.constantFrom('', 'firefox'),
  }),
  userId: fc.constantFrom(1, 2, 77, 2 ** 53 - 1),
  occurredAt: fc.constantFrom(noon, noon - 1, 0),
  thread: fc.option(fc.constantFrom('a 1', 'a \u{1f600}', "b '")),
})

it('the stored columns can add thousands of the longest names at a time', async () => {
  const page = Array.from({ length: 3000 }, (_, index): LogEntry => ({
    kind: { type: 'question', delta: 1, self: false, locale: '', product: '' },
    userId: 2 ** 53 - 1 - index,
    occurredAt: noon,
    thread: `questions.question ${String(index).padStart(4, '0')}${'\u{1f600}'.repeat(250)}`,
  }))
  await runInDurableObject(columns(), async (_, { storage: { sql } }) => {
    const store = new ColumnStore(sql)
    store.dropTables()
    store.createTables()
    const exec = vi.spyOn(sql, 'exec')
    const sizes = store.add(page, noSizes)
    const bound = exec.mock.calls.flatMap(([, ...values]) => values)
    const lengths = bound.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0))
    expect(Math.max(...lengths)).toBeLessThan(valueMax)
    expect([sizes.people, sizes.threads]).toEqual([3000, 3000])
    expect(store.add(page, sizes)).toEqual({ ...sizes, entries: [['question', 6000]] })
  })
})

it('the stored columns have every entry in order, however many are added at a time', async () => {
  const pages = fc.array(
    fc.tuple(entry, fc.array(entry, { maxLength: 5 }), fc.constantFrom(1, 3, 8191, 8192, 8193)),
    { minLength: 1, maxLength: 4 },
  )
  await runInDurableObject(columns(), async (_, { storage: { sql } }) => {
    await fc.assert(
      fc.asyncProperty(pages, async (added) => {
        const store = new ColumnStore(sql)
        store.dropTables()
        store.createTables()
        const all: LogEntry[] = []
        let sizes = noSizes
        for (const [one, others, times] of added) {
          const page = [...Array.from({ length: times }, () => one), ...others]
          all.push(...page)
          sizes = store.add(page, sizes)
        }
        const entries = store.entries(sizes)
        const idOf = new Map([1, 2, 77, 2 ** 53 - 1].map((id) => [store.numbersOf([id])[0], id]))
        const names = new Map<number, string | null>([[0, null]])
        for (const type of ['question', 'answer', 'constructor']) {
          const expected = all.filter(({ kind }) => kind.type === type)
          let index = 0
          for (const part of entries.read([type])) {
            for (const [place, kind] of part.kinds.entries()) {
              const { thread, ...rest } = expected[index] ?? { thread: null }
              const found = {
                kind: entries.kinds[kind],
                userId: idOf.get(part.people[place]),
                occurredAt: part.instants[place],
              }
              // Comparing every one of thousands with expect() would take seconds.
              if (JSON.stringify(found) !== JSON.stringify(rest)) expect(found).toEqual(rest)
              const number = part.threads[place] ?? -1
              if (!names.has(number)) names.set(number, thread)
              if (names.get(number) !== thread) expect(names.get(number)).toBe(thread)
              index += 1
            }
          }
          expect(index).toBe(expected.length)
        }
        expect(new Set(names.values()).size).toBe(names.size)
        expect([...entries.read(['question', 'answer', 'constructor'], true)].length).toBeLessThanOrEqual(
          [...entries.read(['question', 'answer', 'constructor'])].length,
        )
      }),
      { numRuns: 12 },
    )
  })
})
