import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { foldName } from '../../src/contributions/user.ts'
import { People } from '../../src/projections/directory/people.ts'
import { refreshDirectory } from '../../src/projections/directory/refreshDirectory.ts'
import { userDirectoryOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { breakD1, overloaded } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const directory = () => userDirectoryOf(env)

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

interface Cost {
  rowsRead: number
  rowsWritten: number
}

/** The tables of people, and what their statements cost. */
const meteredPeople = (sql: SqlStorage): { people: People; cost: Cost } => {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = []
  const metered = new Proxy(sql, {
    get: (target, name) =>
      name === 'exec'
        ? (query: string, ...values: SqlStorageValue[]) => {
            const cursor = target.exec(query, ...values)
            cursors.push(cursor)
            return cursor
          }
        : Reflect.get(target, name),
  })
  const sum = (of: 'rowsRead' | 'rowsWritten'): number =>
    cursors.reduce((total, cursor) => total + cursor[of], 0)
  return {
    people: new People(metered),
    cost: {
      get rowsRead() {
        return sum('rowsRead')
      },
      get rowsWritten() {
        return sum('rowsWritten')
      },
    },
  }
}

const named = (id: number, username: string | null, displayName: string | null, excluded = false) => ({
  revision: 1,
  excluded,
  profile: { id, username, display_name: displayName, avatar_url: null },
})

/** 120,000 people: every third is called Anna, and the hundred with the most contributions are called something else. */
const crowd = (sql: SqlStorage): void => {
  sql.exec(`INSERT INTO people (id, total, username, words, profile)
    WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 120000)
    SELECT id, iif(id > 119900, id, iif(id % 100 = 0, id % 7, 0)), 'U' || id,
      iif(id % 3 = 0 AND id <= 119900, 'ANNA', 'BOB' || id), '{"username":"u"}' FROM ids`)
  sql.exec(`INSERT INTO words SELECT words, 1, id FROM people UNION ALL SELECT username, 0, id FROM people`)
}

describe('what a search reads', () => {
  it('is bounded, although 40,000 of 120,000 people have a name that begins with it', async () => {
    const rows = await runInDurableObject(directory(), (_, { storage }) => {
      const readFor = (text: string): [number, number[]] => {
        const { people, cost } = meteredPeople(storage.sql)
        const found = people.search(foldName(text))
        return [cost.rowsRead, found.map(({ id }) => id)]
      }
      new People(storage.sql).createTables()
      crowd(storage.sql)
      return ['an', 'bob1', 'u119', 'bob77777', 'zz', ''].map(readFor)
    })
    const [an, bob1, u119, one, none, all] = rows
    // The first with 6, 5 and 4 contributions are multiples of 100 whose remainder by 7 is that.
    const withSix = Array.from({ length: 1200 }, (_, index) => (index + 1) * 100).filter(
      (id) => id % 7 === 6 && id % 3 === 0,
    )
    expect(an?.[1]).toEqual(withSix.slice(0, 20))
    expect(bob1?.[1].slice(0, 2)).toEqual([120_000, 119_999])
    expect(u119?.[1].slice(0, 2)).toEqual([119, 119_999])
    expect([one?.[1], none?.[1]]).toEqual([[77_777], []])
    for (const found of [an, bob1, u119, all]) expect(found?.[0]).toBeLessThan(30_000)
    expect(one?.[0]).toBeLessThan(20)
    expect(none?.[0]).toBeLessThan(10)
  })
})

describe('what the directory writes', () => {
  it('is a few rows for each person who changed', async () => {
    const written = await runInDurableObject(directory(), (_, { storage }) => {
      const costOf = (act: (people: People) => void): number => {
        const { people, cost } = meteredPeople(storage.sql)
        act(people)
        return cost.rowsWritten
      }
      new People(storage.sql).createTables()
      const change = (userId: number, delta: number) => ({ userId, delta, newest: 0, excluded: false })
      return {
        'somebody new': costOf((people) => people.learn(named(1, 'ana', 'Ana Maria'))),
        'the same again': costOf((people) => people.learn(named(1, 'ana', 'Ana Maria'))),
        'another display name': costOf((people) => people.learn(named(1, 'ana', 'Ana Lu'))),
        'somebody without a name': costOf((people) => people.learn(named(2, null, null))),
        'new contributions': costOf((people) => people.addTotals([change(1, 2), change(2, 1)])),
        'contributions that were reversed at once': costOf((people) => people.addTotals([change(1, 0)])),
        'somebody who is hidden': costOf((people) => people.learn(named(1, 'ana', 'Ana Lu', true))),
      }
    })
    expect(written).toEqual({
      'somebody new': 5,
      'the same again': 0,
      'another display name': 4,
      'somebody without a name': 0,
      'new contributions': 3,
      'contributions that were reversed at once': 0,
      'somebody who is hidden': 4,
    })
  })

  it('is nothing when the log has nothing new', async () => {
    await send('contribution.created', aContribution({ user: { id: 1, username: 'ana' } }))
    await read('/v1/users?search=an')
    const puts = await runInDurableObject(directory(), (_, { storage }) => storage.kv.get('state'))
    setClock(noon + 60_000)
    await read('/v1/users?search=an')
    expect(await runInDurableObject(directory(), (_, { storage }) => storage.kv.get('state'))).toEqual(puts)
  })
})

describe('the directory', () => {
  const found = async (): Promise<number[]> => {
    const { users } = await read('/v1/users?search=user')
    return users.map(({ id }: Json) => id)
  }

  it('answers from its storage after it was evicted', async () => {
    await send('contribution.created', aContribution({ user: { id: 1, username: 'user' } }))
    expect(await found()).toEqual([1])
    await evictDurableObject(directory())
    breakD1(() => overloaded)
    expect(await found()).toEqual([1])
  })

  it('is built in pages, resumes when one fails, and answers only when it is complete', async () => {
    const users = Array.from({ length: 5200 }, (_, index) => ({ id: 1 + index, username: `user${index}` }))
    for (let from = 0; from < users.length; from += 1000)
      await send('user.updated', users.slice(from, from + 1000))
    let calls = 0
    breakD1(() => ((calls += 1) === 2 ? overloaded : undefined))
    const first = await fetchApi('/v1/users?search=user')
    expect([first.status, calls]).toEqual([503, 2])
    await first.body?.cancel()
    expect(await found()).toEqual(Array.from({ length: 20 }, (_, index) => 1 + index))
    expect(calls, 'the first page is not read again').toBe(3)
  })

  it('counts other types again when the site has changed its definitions', async () => {
    await send('contribution.created', aContribution({ user: { id: 1, username: 'user' } }))
    await found()
    await runInDurableObject(directory(), (_, { storage }) => {
      storage.kv.put('state', { ...storage.kv.get<object>('state'), types: 'answer' })
      storage.sql.exec('UPDATE people SET total = 7')
    })
    await evictDurableObject(directory())
    await found()
    const totals = await runInDurableObject(directory(), (_, { storage }) =>
      storage.sql.exec('SELECT total FROM people').toArray(),
    )
    expect(totals).toEqual([{ total: 1 }])
  })

  it('follows the log every night, so that names of erased people leave its storage without a search', async () => {
    await send('user.updated', { id: 1, username: 'user' }, noon - 5000)
    await found()
    await send('user.erased', { id: 1 }, noon - 4000)
    await refreshDirectory(env, noon)
    const stored = await runInDurableObject(directory(), (_, { storage }) => [
      ...storage.sql.exec('SELECT * FROM people').toArray(),
      ...storage.sql.exec('SELECT * FROM words').toArray(),
    ])
    expect(stored).toEqual([{ id: 1, total: 0, username: null, words: null, profile: null }])
  })
})
