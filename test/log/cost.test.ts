import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import worker from '../support/workerWithoutMemory.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll, type Meter } from '../support/meter.ts'
import { aContribution, read, send, sign } from '../support/site.ts'

/** Measures what a request costs D1, in the Worker and in its objects. */
const costOf = async (request: () => Promise<unknown>): Promise<Meter> => {
  const meter = meterOfAll(env.DB)
  await request().finally(() => vi.restoreAllMocks())
  return meter
}

const cost = async (type: string, data: unknown, at = noon): Promise<Meter> =>
  await costOf(async () => await send(type, data, at))

const readCost = async (path: string): Promise<Meter> => await costOf(async () => await read(path))

const content = { type: 'questions.answer', id: 'one' }

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  // The first of a type, a locale or a product is noted: a row in a database's life, not an event's cost.
  const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']
  await send(
    'contribution.created',
    types.map((type) => aContribution({ type, user: { id: 50 } })),
  )
})

describe('the rows written in D1 are', () => {
  const known = { user: { id: 50 } }

  it('4 for a contribution of a known user', async () => {
    expect((await cost('contribution.created', aContribution(known))).rowsWritten).toBe(4)
  })

  it('2 more for a new user, 3 with a username', async () => {
    expect((await cost('contribution.created', aContribution({ user: { id: 51 } }))).rowsWritten).toBe(6)
    expect(
      (await cost('contribution.created', aContribution({ user: { id: 52, username: 'x' } }))).rowsWritten,
    ).toBe(7)
  })

  it('1 more for the first contribution of a type, of a locale and of a product', async () => {
    await freshLog()
    await send('user.updated', { id: 50 })
    expect((await cost('contribution.created', aContribution(known))).rowsWritten).toBe(4 + 3)
    expect((await cost('contribution.created', aContribution(known))).rowsWritten).toBe(4)
  })

  it('0 for a redelivery, a conflict or spam', async () => {
    const one = aContribution({ user: { id: 50, username: 'x' }, content })
    await send('contribution.created', one, noon)
    expect((await cost('contribution.created', one)).rowsWritten).toBe(0)
    expect((await cost('contribution.created', { ...one, locale: 'de' })).rowsWritten).toBe(0)
    expect((await cost('contribution.created', { ...one, spam: true })).rowsWritten).toBe(0)
  })

  it('4 for each of a batch of 1,000, in one round trip, and 0 in two if it is sent again', async () => {
    const batch = Array.from({ length: 1000 }, () => aContribution(known))
    expect(await cost('contribution.created', batch)).toMatchObject({ batches: 1, rowsWritten: 4000 })
    expect(await cost('contribution.created', batch)).toMatchObject({ batches: 2, rowsWritten: 0 })
  })

  it('at most 3 for a user with newer facts, 0 with any other facts', async () => {
    const said = {
      id: 60,
      username: 'a',
      display_name: 'A',
      avatar_url: 'https://a.example/',
      is_hidden: false,
    }
    expect((await cost('user.updated', said, noon - 5)).rowsWritten).toBe(3)
    expect((await cost('user.updated', said, noon - 5)).rowsWritten).toBe(0)
    expect((await cost('user.updated', { ...said, username: 'old' }, noon - 6)).rowsWritten).toBe(0)
    expect((await cost('user.updated', { id: 60, username: 'b' }, noon - 4)).rowsWritten).toBe(3)
    expect(
      (await cost('user.updated', { id: 60, display_name: 'B' }, noon - 4)).rowsWritten,
    ).toBeLessThanOrEqual(3)
    expect((await cost('user.erased', { id: 60 }, noon - 3)).rowsWritten).toBeLessThanOrEqual(3)
    expect((await cost('user.erased', { id: 60 }, noon - 3)).rowsWritten).toBe(0)
  })

  it('1 for a correction, and 4 for each entry that it brings about', async () => {
    await send('contribution.created', [
      aContribution({ content, ...known }),
      aContribution({ content, ...known, type: 'solution' }),
      aContribution({ content, ...known, type: 'helpful_vote' }),
    ])
    const retracted = { content, reason: 'spam' }
    const only = { content, type: 'solution' }
    expect(
      (await cost('contribution.retracted', { ...retracted, type: 'answer' }, noon - 9)).rowsWritten,
      'one type',
    ).toBe(1 + 4)
    expect((await cost('contribution.retracted', retracted, noon - 8)).rowsWritten, 'content-wide').toBe(
      1 + 2 * 4,
    )
    expect((await cost('contribution.retracted', retracted, noon - 8)).rowsWritten, 'redelivered').toBe(0)
    expect((await cost('contribution.restored', only, noon - 9)).rowsWritten, 'overruled').toBe(1)
    expect((await cost('contribution.restored', only, noon - 7)).rowsWritten, 'restored').toBe(1 + 4)
  })

  it('1 for an amendment, 8 for each contribution that it changes, and 0 for one that no later answer shows', async () => {
    await send('contribution.created', [
      aContribution({ content, ...known }),
      aContribution({ content, ...known, type: 'solution', locale: 'de' }),
      aContribution({ content, ...known, type: 'helpful_vote' }),
    ])
    await send('contribution.retracted', { content, type: 'helpful_vote', reason: 'spam' }, noon - 9)
    const german = { content, set: { locale: 'de', user: { id: 50 } } }
    expect((await cost('contribution.amended', german, noon - 8)).rowsWritten, 'one of three changes').toBe(
      1 + 8,
    )
    expect((await cost('contribution.amended', german, noon - 8)).rowsWritten, 'redelivered').toBe(0)
    expect((await cost('contribution.amended', german, noon - 9)).rowsWritten, 'older').toBe(0)
    expect((await cost('contribution.amended', german, noon - 7)).rowsWritten, 'same values').toBe(1)
    const self = { content, set: { self: true } }
    expect((await cost('contribution.amended', self, noon - 6)).rowsWritten, 'two change').toBe(1 + 2 * 8)
    expect((await cost('contribution.restored', { content }, noon - 5)).rowsWritten, 'restored').toBe(1 + 4)
  })

  it('1 for an amendment before its contribution, and 12 for that contribution', async () => {
    const self = { content, set: { self: true } }
    expect((await cost('contribution.amended', self)).rowsWritten).toBe(1)
    expect((await cost('contribution.created', aContribution({ content, ...known }))).rowsWritten).toBe(3 * 4)
  })

  it('1 for a deletion, and 1 more for a contribution with a title and an address', async () => {
    expect((await cost('content.deleted', { content })).rowsWritten).toBe(1)
    expect((await cost('content.deleted', { content })).rowsWritten).toBe(0)
    expect((await cost('content.undeleted', { content }, noon + 1)).rowsWritten).toBe(1)
    const label = { title: 'A crash', url: 'https://a.example/1' }
    const labelled = aContribution({ ...known, content: { ...content, ...label } })
    expect((await cost('contribution.created', labelled)).rowsWritten).toBe(4 + 1)
    expect((await cost('contribution.created', labelled)).rowsWritten).toBe(0)
  })

  it('1 for the groups of a user, and 1 for each group that changed', async () => {
    const inGroups = (groups: string[]) => ({ id: 50, groups })
    expect((await cost('user.updated', inGroups(['a', 'b', 'c']), noon - 5)).rowsWritten).toBe(1 + 3)
    expect((await cost('user.updated', inGroups(['c', 'b', 'a']), noon - 5)).rowsWritten).toBe(0)
    expect((await cost('user.updated', inGroups(['a', 'b', 'd']), noon - 4)).rowsWritten).toBe(1 + 2)
    expect((await cost('user.updated', inGroups([]), noon - 6)).rowsWritten).toBe(0)
  })

  it('1 for a retraction before its contribution, and 8 for that contribution', async () => {
    expect((await cost('contribution.retracted', { content, reason: 'spam' })).rowsWritten).toBe(1)
    expect((await cost('contribution.created', aContribution({ content, ...known }))).rowsWritten).toBe(2 * 4)
  })
})

it('no parameter is longer than the 2 MB that D1 accepts in production, with the longest names', async () => {
  const lengths: number[] = []
  const measured = new Proxy(env.DB, {
    get: (target: D1Database, name: keyof D1Database) => {
      if (name !== 'prepare') return target[name].bind(target)
      return (sql: string) => {
        const statement = target.prepare(sql)
        return Object.assign(Object.create(statement), {
          bind: (...values: unknown[]) => {
            lengths.push(...values.map((value) => new TextEncoder().encode(String(value)).byteLength))
            return statement.bind(...values)
          },
        })
      }
    },
  })
  // In upper case this letter is three; 900 users of twice 254 of them nearly fill a body.
  const name = '\u0390'.repeat(254)
  const data = Array.from({ length: 900 }, (_, index) => ({
    id: 1000 + index,
    username: name,
    display_name: name,
  }))
  const body = JSON.stringify({ type: 'user.updated', timestamp: new Date(noon).toISOString(), data })
  const request = new Request('https://perennial.example/v1/webhooks', {
    method: 'POST',
    body,
    headers: sign(body),
  })
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], { ...env, DB: measured })
  expect(response.status).toBe(200)
  await response.body?.cancel()
  expect(lengths.length).toBeGreaterThan(3)
  expect(Math.max(...lengths)).toBeLessThan(2_000_000)
})

describe('rows read in D1', () => {
  const day = 86_400_000

  /** 3,000 answers of 30 users, one every 2.4 hours. */
  const fill = async (): Promise<void> => {
    for (let batch = 0; batch < 3; batch += 1) {
      const data = Array.from({ length: 1000 }, (_, index) => {
        const nth = batch * 1000 + index
        return aContribution({
          user: { id: 100 + (nth % 30) },
          occurred_at: new Date(noon - nth * 0.1 * day).toISOString(),
        })
      })
      await send('contribution.created', data)
    }
  }

  it('depend on the window of a board or a metric, not on the size of the log', async () => {
    await fill()
    const inWindow = 10 * 30
    const board = await readCost('/v1/leaderboards/support-forum?window=30d')
    // docs/cost.md: at most 4 rows for each event of the window, here with some more for the objects' own reads.
    expect(board.rowsRead).toBeLessThan(4 * inWindow)
    const metric = await readCost('/v1/metrics/support_forum_contributors')
    expect(metric.rowsRead).toBeLessThan(4 * inWindow)
    const past = await readCost(
      `/v1/leaderboards/support-forum?window=30d&as_of=${new Date(noon - 200 * day).toISOString()}`,
    )
    expect(past.rowsRead).toBeLessThan(4 * inWindow)
    // In a locale that no test sends: the Worker remembers those that an event has, also from one test file to the next.
    const narrow = await readCost('/v1/leaderboards/overall?window=7d&locale=eo')
    expect(narrow.rowsRead).toBeLessThan(10 * 7 + 40)
  })

  it('are under 30 for a contribution sent alone, new or again, and under 40 for its retraction', async () => {
    await send('contribution.created', aContribution({ user: { id: 50 } }))
    const sent = aContribution({ content, user: { id: 50 } })
    expect((await cost('contribution.created', sent)).rowsRead).toBeLessThan(30)
    expect((await cost('contribution.created', sent)).rowsRead).toBeLessThan(30)
    expect((await cost('contribution.retracted', { content, reason: 'spam' })).rowsRead).toBeLessThan(40)
  })

  it('are 16 for each contribution of a large batch, once its types have begun', async () => {
    const batch = Array.from({ length: 1000 }, () => aContribution({ user: { id: 50 } }))
    expect((await cost('contribution.created', batch)).rowsRead).toBeLessThan(16 * 1000 + 20)
  })

  it('are few for an amendment and a deletion, however long the log is', async () => {
    await fill()
    await send('contribution.created', aContribution({ content, user: { id: 50 } }))
    const amended = await cost('contribution.amended', { content, set: { product: 'x', self: true } })
    expect(amended.rowsRead).toBeLessThan(80)
    expect((await cost('content.deleted', { content })).rowsRead).toBeLessThan(30)
    expect((await cost('user.updated', { id: 50, groups: ['a', 'b'] })).rowsRead).toBeLessThan(30)
  })

  it('are few for requests that need no scan', async () => {
    await fill()
    expect((await readCost('/healthz')).rowsRead).toBeLessThanOrEqual(1)
    await read('/v1/leaderboards')
    expect((await readCost('/v1/leaderboards')).rowsRead).toBeLessThanOrEqual(3)
    expect((await readCost('/v1/users?username=nobody')).rowsRead).toBeLessThanOrEqual(2)
  })
})
