import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { breakD1, overloaded } from '../support/faults.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

/** In the long form more than one answer has. */
const length = amount(2300, 100_300)
const rowsMax = Math.min(length, 100_000)
const author = 7

/** Answers by as many users, and as many questions by one of them. The triggers of the log check each row. */
const fill = async (): Promise<void> => {
  const numbers = 'WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)'
  const insert = `INSERT INTO events (type, content_type, content_id, user_id, occurred_at, recorded_at) ${numbers}`
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO users (revision, id, username) ${numbers} SELECT n, n, 'user ' || n FROM n`,
    ).bind(length),
    env.DB.prepare(`${insert} SELECT 'answer', 'a', 'a' || n, n, ?2 - n, ?2 FROM n`).bind(length, noon - 1),
    env.DB.prepare(`${insert} SELECT 'question', 'q', 'q' || n, ${author}, ?2 - n, ?2 FROM n`).bind(
      length,
      noon - 1,
    ),
  ])
  // One of the users has most.
  await send('contribution.created', aContribution({ user: { id: 3 } }))
}

/** A response whose body nobody has read yet. */
const fetchUnread = async (path: string): Promise<Response> =>
  await exports.default.fetch(new Request(`https://perennial.example${path}`))

const linesOf = async (response: Response): Promise<string[]> => (await response.text()).split('\r\n')

const nextOf = (response: Response): string | undefined =>
  /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]

beforeAll(async () => {
  vi.restoreAllMocks()
  setClock(noon)
  await freshLog()
  await fill()
})

const position = 2 * length + 1
const ids = Array.from({ length }, (_, index) => index + 1)
const ordered = [3, ...ids.filter((id) => id !== 3)]
const board = ordered.map((id) => [id === 3 ? 1 : 2, id, `user ${id}`, '', id === 3 ? 2 : 1])

/** Each long list, its columns, and its rows. */
const lists: [string, string[], string[]][] = [
  [
    '/v1/leaderboards/support-forum',
    ['rank', 'user_id', 'username', 'display_name', 'count', 'last_contribution_at'],
    board.map((cells) => {
      const id = Number(cells[1])
      const last = id === 3 ? noon - 60_000 : noon - 1 - id
      return [...cells, new Date(Math.max(last, noon - 1 - id)).toISOString()].join(',')
    }),
  ],
  [
    '/v1/metrics/support_forum_contributors/users?min=1',
    ['user_id', 'username', 'display_name', 'count'],
    board.map((cells) => cells.slice(1).join(',')),
  ],
  [
    `/v1/users/${author}/contributions?type=question`,
    [
      'type,occurred_at,content_type,content_id,parent_type,parent_id,locale,product,self,position',
      'deleted_at,amended,content_title,content_url',
    ],
    ids.map((n) =>
      [`question,${new Date(noon - 1 - n).toISOString()},q,q${n},,,,,false,${length + n}`, ',false,,'].join(
        ',',
      ),
    ),
  ],
]

const asCsv = (path: string): string => path.replace(/(?=\?|$)/, '.csv')

describe.each(lists)('%s.csv', (path, columns, rows) => {
  it('is the whole list, as of one instant and position, in pages of bounded size', async () => {
    const meter = meterOfAll(env.DB)
    const response = await fetchApi(asCsv(path))
    expect(response.headers.get('perennial-position')).toBe(String(position))
    expect(response.headers.get('perennial-as-of')).toBe(new Date(noon).toISOString())
    expect(await linesOf(response)).toEqual([columns.join(','), ...rows.slice(0, rowsMax), ''])
    vi.restoreAllMocks()
    expect(meter.statements).toBeLessThan(1000)
  })

  it('ends at 100,000 rows, with the address that continues it', async () => {
    const response = await fetchApi(asCsv(path))
    const next = nextOf(response)
    await response.body?.cancel()
    if (length === rowsMax) return expect(next).toBeUndefined()
    const following = await linesOf(await fetchApi(next ?? ''))
    return expect(following.slice(1, 4)).toEqual(rows.slice(rowsMax, rowsMax + 3))
  })

  it('is a single page if it has limit or cursor, or lacks the suffix', async () => {
    const query = path.includes('?') ? '&' : '?'
    const page = await fetchApi(`${asCsv(path)}${query}limit=2`)
    const next = nextOf(page) ?? ''
    expect(await linesOf(page)).toEqual([columns.join(','), ...rows.slice(0, 2), ''])
    expect(await linesOf(await fetchApi(next))).toEqual([columns.join(','), ...rows.slice(2, 4), ''])
    const accepted = await fetchApi(path, { headers: { accept: 'text/csv' } })
    expect(await linesOf(accepted)).toHaveLength(22)
  })

  it('is read only as far as the client reads it', async () => {
    const meter = meterOfAll(env.DB)
    const response = await fetchUnread(asCsv(path))
    const before = meter.batches
    await response.body?.cancel()
    vi.restoreAllMocks()
    expect(meter.batches).toBe(before)
  })

  it('fails, and does not end as if it were complete, when it cannot be read to its end', async () => {
    const response = await fetchUnread(asCsv(path))
    expect(response.status).toBe(200)
    // A counter answers from its storage without D1, so it loses both.
    const counter = env.USER_COUNTERS.getByName(String(author))
    await runInDurableObject(counter, async (_, { storage }) => await storage.deleteAll())
    await evictDurableObject(counter)
    breakD1(() => overloaded)
    const outcome = await response.text().catch((error: unknown) => error)
    vi.restoreAllMocks()
    expect(outcome).toBeInstanceOf(Error)
  })
})
