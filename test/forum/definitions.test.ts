import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import forum from '../../examples/forum/definitions.json' with { type: 'json' }
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { fetchApi, post, read, send, token, type Json } from '../support/site.ts'

/*
 * The Worker with the definitions of examples/forum. A story of three people: Ana starts a topic, Bea posts in it twice and
 * is liked, Cleo handles a flag, and long ago Bea wrote an answer, which this site no longer counts.
 */

const types = forum.types.map(({ type }) => type)
const at = (minutesAgo: number): string => new Date(noon - minutesAgo * 60_000).toISOString()
const topic = { type: 'forum.topic', id: 't1' }

const by = (id: number, username: string, type: string, minutesAgo: number, rest: object) => ({
  type,
  user: { id, username },
  occurred_at: at(minutesAgo),
  ...rest,
})

const story = [
  by(1, 'ana', 'topic', 60, { content: topic, locale: 'de' }),
  by(2, 'bea', 'post', 50, { content: { type: 'forum.post', id: 'p1' }, parent: topic, locale: 'de' }),
  by(2, 'bea', 'post', 40, { content: { type: 'forum.post', id: 'p2' }, parent: topic, locale: 'en' }),
  by(2, 'bea', 'like_received', 30, {
    content: { type: 'forum.like', id: 'l1' },
    parent: { type: 'forum.post', id: 'p1' },
  }),
  by(3, 'cleo', 'flag_handled', 20, { content: { type: 'forum.flag', id: 'f1' } }),
]

const noCounts = { total: 0, ...Object.fromEntries(types.map((type) => [type, 0])) }

/** Records a contribution of a type that the site has taken out of its definitions. */
const recordUndefined = async (): Promise<void> => {
  await env.DB.prepare(
    `INSERT INTO events (type, content_type, content_id, user_id, occurred_at, recorded_at, parent_type, parent_id)
     VALUES ('answer', 'questions.answer', '1', 2, ?1, ?1, 'questions.question', '1')`,
  )
    .bind(noon - 7_000_000)
    .run()
}

const textOf = async (path: string): Promise<string> => {
  const response = await fetchApi(path)
  expect(response.status, path).toBe(200)
  return new TextDecoder().decode(await response.arrayBuffer())
}

beforeAll(async () => {
  await freshLog()
  setClock(noon - 1000)
  await send('contribution.created', story)
  await recordUndefined()
  setClock(noon)
})

it('GET /v1/definitions returns the file with a version, without the look of the pages', async () => {
  const { as_of, position, version, ...defined } = await read('/v1/definitions')
  expect([as_of, position]).toEqual([at(0), 6])
  expect(version).toMatch(/^[0-9a-f]{64}$/)
  const { translations: _, ...counted } = forum
  const { name, default_locale } = forum.site
  expect(defined).toEqual({ ...counted, site: { name, default_locale } })
})

const issuesOf = async (data: object): Promise<[number, Json]> => {
  const response = await post(JSON.stringify({ type: 'contribution.created', timestamp: at(0), data }))
  const { errors }: Json = await response.json()
  return [response.status, errors]
}

it('a type that is not defined is 422, and the answer names those that are', async () => {
  expect(await issuesOf(by(1, 'ana', 'answer', 1, { content: topic }))).toEqual([
    422,
    [{ pointer: '/data/type', detail: `Cannot use "answer": use one of ${types.join(', ')}` }],
  ])
})

it('a contribution without the parent that its type needs is 422', async () => {
  expect(await issuesOf(by(1, 'ana', 'post', 1, { content: { type: 'forum.post', id: 'p3' } }))).toEqual([
    422,
    [
      {
        pointer: '/data/parent',
        detail: 'Missing: use an object with type and id: each post needs a parent',
      },
    ],
  ])
})

it("a user's numbers are by the defined types, and the parents of posts are the documents", async () => {
  const { as_of: _, position: __, windows, ...user } = await read('/v1/users/2')
  const counts = { ...noCounts, total: 3, post: 2, like_received: 1 }
  expect(user).toEqual({
    user: { id: 2, username: 'bea', display_name: null, avatar_url: null },
    complete: false,
    first_contribution_at: at(50),
    last_contribution_at: at(30),
    first: { topic: null, post: at(50), like_given: null, like_received: at(30), flag_handled: null },
    last: { topic: null, post: at(40), like_given: null, like_received: at(30), flag_handled: null },
    lifetime: counts,
    documents: 1,
  })
  expect(windows).toEqual({ '7d': counts, '30d': counts, '90d': counts, '365d': counts })
})

it('lists, calendars and badges leave out a type that is no longer defined, and the log has it', async () => {
  const { contributions } = await read('/v1/users/2/contributions')
  expect(contributions.map((one: Json) => [one.type, one.content.id])).toEqual([
    ['like_received', 'l1'],
    ['post', 'p2'],
    ['post', 'p1'],
  ])
  expect(await textOf('/v1/users/2/contributions.csv?type=post')).toContain('post')
  const calendar = await read('/v1/users/2/calendar')
  expect([calendar.total, calendar.days]).toEqual([3, [{ date: '2026-11-20', count: 3 }]])
  expect((await read('/v1/users/2/badge.json?window=60d')).message).toBe('3')
  expect(await read('/v1/users/2/badge.json?type=like_received&lang=en')).toMatchObject({
    label: 'likes received',
    message: '1',
  })
  const log = await fetchApi('/v1/log?after=0', { headers: { authorization: `Bearer ${token}` } })
  const lines = new TextDecoder()
    .decode(await log.arrayBuffer())
    .trimEnd()
    .split('\n')
  expect(lines.map((line) => JSON.parse(line).type)).toEqual([...story.map(({ type }) => type), 'answer'])
})

it('a query cannot name a type that is not defined', async () => {
  const response = await fetchApi('/v1/users/2/contributions?type=answer')
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ parameter: 'type', detail: `Cannot use "answer": use one of ${types.join(', ')}` }] },
  ])
})

it('every board counts by its rule', async () => {
  const boards = await Promise.all(
    forum.leaderboards.map(async ({ board }): Promise<[string, [number, number][]]> => {
      const { entries } = await read(`/v1/leaderboards/${board}`)
      return [board, entries.map((entry: Json) => [entry.user.id, entry.count])]
    }),
  )
  expect(Object.fromEntries(boards)).toEqual({
    posters: [[2, 2]],
    topics: [[1, 1]],
    liked: [[2, 1]],
    moderators: [[3, 1]],
    german: [
      [1, 1],
      [2, 1],
    ],
    'other-languages': [[2, 1]],
  })
  expect((await fetchApi('/v1/leaderboards/support-forum')).status).toBe(404)
})

it('every metric counts by its rule, its minimum and its own window', async () => {
  const { metrics } = await read('/v1/metrics')
  expect(metrics.map(({ metric, value, min }: Json) => [metric, value, min])).toEqual([
    ['active_members', 1, 2],
    ['helpful_members', 0, 3],
    ['moderating_members', 1, 1],
  ])
  const { window, value } = await read('/v1/metrics/active_members')
  expect([value, window.from]).toEqual([1, at(14 * 24 * 60)])
  const { points } = await read('/v1/metrics/active_members/history?from=2026-11-21&to=2026-12-06')
  expect(points.map((point: Json) => point.value)).toEqual([...Array.from({ length: 14 }, () => 1), 0])
})

it('the volume has a series for each defined type, and its cells add up to the contributions', async () => {
  const { series } = await read('/v1/volume?interval=month&group_by=type&from=2026-11-01')
  const sums = series.map(({ name, points }: Json) => [
    name,
    points.map((point: Json) => point.contributions),
  ])
  expect(sums).toEqual([
    ['post', [2]],
    ['flag_handled', [1]],
    ['like_received', [1]],
    ['topic', [1]],
  ])
  const [whole] = (await read('/v1/volume?interval=month&from=2026-11-01')).series
  expect(whole.points).toMatchObject([{ contributions: 5, contributors: 3 }])
})

it('the community counts by the first metric by default, and topics have posts as replies, but no solutions', async () => {
  const { rule, points } = await read('/v1/community?interval=month&from=2026-11-01')
  expect([rule, points]).toMatchObject(['active_members', [{ active: 2, new: 2, contributions: 3 }]])
  const { cohorts } = await read(
    '/v1/community/cohorts?interval=month&from=2026-11-01&rule=moderating_members',
  )
  expect(cohorts).toMatchObject([{ date: '2026-11-01', size: 1, retention: [{ active: 1, share: 1 }] }])
  const responses = await read('/v1/responses?interval=month&from=2026-11-01')
  expect(responses.points).toEqual([
    {
      date: '2026-11-01',
      questions: 1,
      replied: 1,
      replied_24h: 1,
      replied_72h: 1,
      solved: null,
      median_hours: 0.17,
      p90_hours: 0.17,
      open: 0,
    },
  ])
})

it("a metric's members, several users and a period count by the definitions", async () => {
  const members = await read('/v1/metrics/active_members/users')
  expect([members.value, members.users.map((one: Json) => [one.user.id, one.count])]).toEqual([1, [[2, 2]]])
  const { users } = await read('/v1/users?ids=2,1&period=2026-11')
  expect(users.map((one: Json) => one.period)).toMatchObject([
    { ...noCounts, total: 3, post: 2, like_received: 1, documents: 1 },
    { ...noCounts, total: 1, topic: 1, documents: 0 },
  ])
})

it('the status has the defined types, and users are complete once each type is declared complete', async () => {
  const { events, contributions, coverage } = await read('/v1/status')
  expect([events, contributions, Object.keys(coverage)]).toEqual([6, 5, types])
  expect(coverage.post).toEqual({ complete: false, since: at(1000 / 60_000) })
  const declare = async (type: string): Promise<string> =>
    (await send('coverage.declared', { type, complete: true }, noon)).results[0].status
  for (const type of types) {
    expect((await read('/v1/users/1')).complete, type).toBe(false)
    expect([await declare(type), await declare(type)]).toEqual(['applied', 'unchanged'])
    setClock((clock += 1000))
  }
  expect((await read('/v1/users/1')).complete).toBe(true)
  expect((await read('/v1/status')).coverage.like_given).toEqual({ complete: true, since: null })
})

let clock = noon

it('an audit finds no drift, with events of a type that is no longer defined', async () => {
  for (const { board } of forum.leaderboards) await read(`/v1/leaderboards/${board}`)
  expect(await audit()).toMatchObject({ done: true, found: [], users: 2 })
})

it('cards and pages show the titles and colours of the definitions', async () => {
  const card = await textOf('/v1/users/2/card.svg?lang=en')
  for (const text of ['2 posts', '1 like received', '#1f6b4c']) expect(card).toContain(text)
  const dashboard = await textOf('/?lang=en')
  for (const { title } of [...forum.leaderboards, ...forum.metrics]) expect(dashboard).toContain(title)
  const profile = await textOf('/users/2?lang=en')
  for (const { title } of [...forum.types, ...forum.leaderboards]) expect(profile).toContain(title)
  const community = await textOf('/community?lang=en')
  for (const { title } of [...forum.metrics, ...forum.types.slice(0, 2)]) expect(community).toContain(title)
  for (const page of [dashboard, profile, community]) expect(page).not.toMatch(/Answers|Knowledge base/)
})

it('pages have the language, the logo and the words of the definitions', async () => {
  const page = await textOf('/')
  expect(page).toContain('<html lang="de">')
  expect(page).toContain('<link rel="icon" href="/garden.svg" type="image/svg+xml"/>')
  expect(page).toContain('<img class="logo" src="/garden.svg" alt height="28"/>Garden Forum</a>')
})

it('lists and pages show the title and URL that the site sent, or else a link by the template for the content type', async () => {
  const content = {
    type: 'forum.post',
    id: 'p 4/ü',
    title: 'Mulch & <b>',
    url: 'https://forum.example.org/t/t1#p4',
  }
  await send('contribution.created', by(4, 'dan', 'post', 5, { content, parent: topic }), noon)
  await send(
    'contribution.created',
    by(4, 'dan', 'post', 6, { content: { ...content, id: 'p 5/ü', title: null, url: null }, parent: topic }),
    noon,
  )
  await send(
    'contribution.created',
    by(4, 'dan', 'flag_handled', 7, { content: { type: 'forum.flag', id: 'f2' } }),
    noon,
  )
  const { contributions } = await read('/v1/users/4/contributions')
  expect(contributions.map((one: Json) => one.content)).toEqual([
    content,
    { type: 'forum.post', id: 'p 5/ü', url: 'https://forum.example.org/posts/p%205%2F%C3%BC' },
    { type: 'forum.flag', id: 'f2' },
  ])
  const csv = await textOf('/v1/users/4/contributions.csv')
  expect(
    csv
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').slice(-2)),
  ).toEqual([
    ['content_title', 'content_url'],
    ['Mulch & <b>', 'https://forum.example.org/t/t1#p4'],
    ['', 'https://forum.example.org/posts/p%205%2F%C3%BC'],
    ['', ''],
  ])
  const profile = await textOf('/users/4?window=all')
  for (const html of [
    '<a href="https://forum.example.org/t/t1#p4" rel="nofollow noopener"><bdi>Mulch &amp; &lt;b></bdi></a>',
    '<a href="https://forum.example.org/posts/p%205%2F%C3%BC" rel="nofollow noopener"><bdi title="forum.post p 5/ü">ID p 5/ü</bdi></a>',
    '<a href="https://forum.example.org/t/t1" rel="nofollow noopener"><bdi title="forum.topic t1">Thema t1</bdi></a>',
    '<a href="https://forum.example.org/u/by-id/4" rel="nofollow noopener">',
    '<bdi class="soft" title="forum.flag f2">ID f2</bdi>',
  ])
    expect(profile).toContain(html)
  expect(profile).not.toContain('href="https://forum.example.org/flag')
})
