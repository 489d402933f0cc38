import * as fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import relay, { type Env } from '../../examples/discourse/relay/worker.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { fetchApi, read, secret, send, type Json } from '../support/site.ts'
import { contributions, messages } from './support/exported.ts'
import {
  aLike,
  anEvent,
  aPost,
  aTopic,
  aUser,
  discourseSecret,
  discourseUrl,
  signatureOf,
  type Person,
  type PostFields,
  type TopicFields,
} from './support/payloads.ts'

/*
 * Discourse, the relay of examples/discourse and the Worker with its definitions: requests as Discourse sends them, and numbers
 * as people read them.
 */

const system: Person = { id: -1, username: 'system', admin: true, moderator: true }
const ann: Person = { id: 1, username: 'ann', name: 'Ann', admin: true }
const ben: Person = { id: 2, username: 'ben' }
const cleo: Person = { id: 3, username: 'cleo', name: 'Cleo' }

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString()

const env: Env = {
  DISCOURSE_URL: `${discourseUrl}/`,
  DISCOURSE_WEBHOOK_SECRET: discourseSecret,
  CATEGORIES: JSON.stringify({ 4: 'general', 7: 'support', 11: '日本語' }),
  PERENNIAL_URL: 'https://perennial.example',
  PERENNIAL_WEBHOOK_SECRET: secret,
  PERENNIAL: {
    fetch: async (input) => {
      const request = new Request(input)
      const { method, headers, url } = request
      return fetchApi(new URL(url).pathname, { method, headers, body: await request.text() })
    },
  },
}

const answerOf = async (request: Request, settings: Env = env): Promise<[number, string]> => {
  const response = await relay.fetch(request, settings)
  return [response.status, await response.text()]
}

/** Delivers an event. Throws unless the answer is 200. */
const deliver = async (event: string, payload: unknown, settings: Env = env): Promise<string> => {
  const [status, text] = await answerOf(await anEvent(event, payload), settings)
  if (status !== 200) throw new Error(`${event}: ${status} ${text}`)
  return text.trimEnd()
}

const positionNow = async (): Promise<number> => (await read('/v1/status')).position

/** What a person has, without the types that they have none of. */
const countsOf = async (id: number): Promise<Record<string, number>> => {
  const { lifetime } = await read(`/v1/users/${id}?at_least=${await positionNow()}`)
  return Object.fromEntries(Object.entries<number>(lifetime).filter(([, count]) => count > 0))
}

const boardOf = async (board: string): Promise<[string, number][]> => {
  const { entries } = await read(`/v1/leaderboards/${board}?at_least=${await positionNow()}`)
  return entries.map((entry: Json) => [entry.user.username, entry.count])
}

const listOf = async (id: number): Promise<Json[]> =>
  (await read(`/v1/users/${id}/contributions?at_least=${await positionNow()}`)).contributions

/** The number of rows in the log. */
const rows = async (): Promise<number> => (await read('/v1/status')).events

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

it('counts topics, replies, likes and solutions, and lists them with titles and links', async () => {
  await deliver('topic_created', aTopic({ id: 10, by: ben, at: at(-60) }))
  await deliver('post_created', aPost({ id: 100, by: ben, number: 1, at: at(-60) }))
  await deliver('post_created', aPost({ id: 101, by: cleo, at: at(-30) }))
  await deliver('post_liked', aLike({ id: 101, by: cleo }, ben))
  expect(await deliver('accepted_solution', aPost({ id: 101, by: cleo, at: at(-30) }))).toBe(
    'Sent contribution.created, contribution.restored',
  )
  expect(await countsOf(2)).toEqual({ total: 2, topic: 1, like_given: 1 })
  const { user, documents } = await read('/v1/users/3')
  expect([await countsOf(3), user, documents]).toEqual([
    { total: 3, post: 1, like_received: 1, solution: 1 },
    {
      id: 3,
      username: 'cleo',
      display_name: 'Cleo',
      avatar_url: `${discourseUrl}/user_avatar/forum.example.org/cleo/96/12_2.png`,
    },
    1,
  ])
  expect(await listOf(3)).toEqual([
    {
      type: 'solution',
      occurred_at: at(0),
      content: {
        type: 'discourse.post',
        id: '101',
        title: 'The printer sings',
        url: 'https://forum.example.org/p/101',
      },
      parent: { type: 'discourse.topic', id: '10' },
      locale: '',
      product: 'support',
      self: false,
      position: 5,
      deleted_at: null,
      amended: false,
    },
    expect.objectContaining({
      type: 'like_received',
      content: { type: 'discourse.like', id: '101-2' },
      parent: expect.objectContaining({ type: 'discourse.post', id: '101' }),
    }),
    expect.objectContaining({ type: 'post', occurred_at: at(-30) }),
  ])
  for (const [board, entries] of Object.entries({
    replies: [['cleo', 1]],
    solutions: [['cleo', 1]],
    liked: [['cleo', 1]],
    topics: [['ben', 1]],
    'likes-given': [['ben', 1]],
    overall: [
      ['cleo', 2],
      ['ben', 1],
    ],
  }))
    expect(await boardOf(board), board).toEqual(entries)
  const { metrics } = await read(`/v1/metrics?at_least=${await positionNow()}`)
  expect(metrics.map(({ metric, value }: Json) => [metric, value])).toEqual([
    ['active_members', 2],
    ['core_members', 0],
    ['solving_members', 1],
    ['engaged_members', 2],
  ])
})

it('a retry counts nothing twice, although its ID differs', async () => {
  const story: [string, unknown][] = [
    ['topic_created', aTopic({ id: 10, by: ben, at: at(-60) })],
    ['post_created', aPost({ id: 101, by: cleo, at: at(-30) })],
    ['post_liked', aLike({ id: 101, by: cleo }, ben)],
    ['accepted_solution', aPost({ id: 101, by: cleo })],
  ]
  for (const minutes of [0, 1, 6]) {
    setClock(noon + minutes * 60_000)
    for (const [event, payload] of story) await deliver(event, payload)
    expect([await rows(), await countsOf(3)]).toEqual([
      5,
      { total: 3, post: 1, like_received: 1, solution: 1 },
    ])
  }
})

it('leaves out system users, private messages, whispers, small actions and categories that are not listed', async () => {
  const left: [string, unknown][] = [
    ['topic_created', aTopic({ id: 11, by: ben, archetype: 'private_message', category: null })],
    ['topic_created', aTopic({ id: 12, by: ben, category: 9 })],
    ['topic_created', aTopic({ id: 13, by: system })],
    ['topic_edited', aTopic({ id: 12, by: ben, category: 9 })],
    ['post_created', aPost({ id: 106, by: ben, archetype: 'private_message', category: null })],
    ['post_created', aPost({ id: 107, by: ben, category: 9 })],
    ['post_created', aPost({ id: 108, by: system })],
    ['post_created', aPost({ id: 109, by: ben, type: 2 })],
    ['post_created', aPost({ id: 110, by: ben, type: 3 })],
    ['post_created', aPost({ id: 111, by: ben, type: 4 })],
    ['post_destroyed', aPost({ id: 111, by: ben, type: 4 })],
    ['post_destroyed', aPost({ id: 106, by: ben, archetype: 'private_message', category: null })],
    ['topic_recovered', aTopic({ id: 11, by: ben, archetype: 'private_message', category: null })],
    ['post_liked', aLike({ id: 106, by: ben, archetype: 'private_message', category: null }, cleo)],
    ['post_liked', aLike({ id: 107, by: ben, category: 9 }, cleo)],
    ['post_liked', aLike({ id: 101, by: ben }, system)],
    ['post_liked', aLike({ id: 101, by: system }, ben)],
    ['accepted_solution', aPost({ id: 107, by: ben, category: 9 })],
    ['unaccepted_solution', aPost({ id: 107, by: ben, category: 9 })],
    ['user_updated', aUser(system)],
    ['user_destroyed', aUser(system)],
    ['post_edited', aPost({ id: 101, by: ben })],
    ['user_created', aUser(ben)],
    ['user_logged_in', aUser(ben)],
    ['topic_closed_status_updated', aTopic({ id: 10, by: ben })],
    ['toString', aTopic({ id: 10, by: ben })],
    ['ping', null],
  ]
  for (const [event, payload] of left) expect(await deliver(event, payload), event).toBe('Not counted')
  expect(await rows()).toBe(0)
  expect((await fetchApi('/v1/users/2')).status).toBe(404)
})

it('a deletion changes no number, and a recovery removes its mark', async () => {
  await deliver('topic_created', aTopic({ id: 10, by: ben, at: at(-60) }))
  await deliver('post_created', aPost({ id: 101, by: cleo, at: at(-30) }))
  await deliver('accepted_solution', aPost({ id: 101, by: cleo }))
  setClock(noon + 1000)
  // What Discourse sends when a post that is the solution is deleted: its solution is unaccepted too.
  await deliver('post_destroyed', aPost({ id: 101, by: cleo }))
  expect(await deliver('unaccepted_solution', aPost({ id: 101, by: cleo, deletedAt: at(0) }))).toBe(
    'Not counted',
  )
  expect(await deliver('unaccepted_solution', aPost({ id: 101, by: cleo, userDeleted: true }))).toBe(
    'Not counted',
  )
  // The first post of a topic goes with the topic, which has its own event.
  expect(await deliver('post_destroyed', aPost({ id: 100, by: ben, number: 1 }))).toBe('Not counted')
  await deliver('topic_destroyed', aTopic({ id: 10, by: ben }))
  expect([await countsOf(2), await countsOf(3)]).toEqual([
    { total: 1, topic: 1 },
    { total: 2, post: 1, solution: 1 },
  ])
  const marks = async () => [...(await listOf(3)), ...(await listOf(2))].map(({ deleted_at }) => deleted_at)
  const deletedAt = new Date(noon + 1000).toISOString()
  expect(await marks()).toEqual([deletedAt, deletedAt, deletedAt])
  setClock(noon + 2000)
  await deliver('post_recovered', aPost({ id: 101, by: cleo }))
  await deliver('topic_recovered', aTopic({ id: 10, by: ben }))
  expect(await marks()).toEqual([null, null, null])
})

it('a solution that is unaccepted no longer counts, and counts again when it is accepted again', async () => {
  const answer = aPost({ id: 101, by: cleo, at: at(-30) })
  await deliver('post_created', answer)
  for (const [seconds, event, solutions] of [
    [1, 'accepted_solution', 1],
    [2, 'unaccepted_solution', undefined],
    [3, 'unaccepted_solution', undefined],
    [4, 'accepted_solution', 1],
    [5, 'unaccepted_solution', undefined],
  ] as const) {
    setClock(noon + seconds * 1000)
    await deliver(event, answer)
    const counts = await countsOf(3)
    expect([counts['solution'], counts['post']], event).toEqual([solutions, 1])
  }
})

it('a like that was taken back no longer counts once the export says so, and counts again when it is given again', async () => {
  setClock(noon)
  await deliver('post_liked', aLike({ id: 101, by: cleo }, ann))
  const [unlike] = messages.unlike
  await send('contribution.retracted', unlike?.data, noon + 1000)
  expect((await fetchApi('/v1/users/3')).status).toBe(200)
  expect(await countsOf(3)).toEqual({})
  setClock(noon + 2000)
  await deliver('post_liked', aLike({ id: 101, by: cleo }, ann))
  expect(await countsOf(3)).toEqual({ total: 1, like_received: 1 })
})

it('an edited topic has its newer title, and stays in the category where it was started', async () => {
  await deliver('topic_created', aTopic({ id: 10, by: ben, at: at(-60) }))
  setClock(noon + 1000)
  await deliver('topic_edited', aTopic({ id: 10, by: ben, at: at(-60), title: 'The printer sings [solved]' }))
  setClock(noon + 2000)
  await deliver('topic_edited', aTopic({ id: 10, by: ben, at: at(-60), category: 4, title: 'Songs' }))
  const [topic, ...others] = await listOf(2)
  expect([topic?.content.title, topic?.product, others]).toEqual(['Songs', 'support', []])
})

it('staff have a profile, but count on boards and in metrics only if the site chooses so', async () => {
  const topic = aTopic({ id: 10, by: ann, at: at(-60) })
  const first = aPost({ id: 100, by: ann, number: 1, at: at(-60) })
  await deliver('topic_created', topic)
  expect(await deliver('post_created', first)).toBe('Sent user.updated')
  await deliver('post_created', aPost({ id: 101, by: { ...cleo, moderator: true }, at: at(-30) }))
  expect([await boardOf('overall'), await countsOf(1)]).toEqual([[], { total: 1, topic: 1 }])
  setClock(noon + 10_000)
  await deliver('user_updated', aUser({ ...ann, admin: false }))
  expect(await boardOf('overall')).toEqual([['ann', 1]])
  setClock(noon + 20_000)
  await deliver('user_updated', aUser(ann))
  expect(await boardOf('overall')).toEqual([])
  setClock(noon + 30_000)
  const counting = { ...env, COUNT_STAFF: 'true' }
  await deliver('user_updated', aUser(ann), counting)
  expect(await deliver('post_created', first, counting)).toBe('Not counted')
  expect(await boardOf('overall')).toEqual([['ann', 1]])
})

it('a person is renamed, suspended and erased', async () => {
  await deliver('post_created', aPost({ id: 101, by: cleo, at: at(-30) }))
  await deliver('user_updated', aUser({ ...cleo, username: 'kleo', name: ' Kleo\u0000 of\nXanthos ' }))
  expect((await read('/v1/users/3')).user).toEqual({
    id: 3,
    username: 'kleo',
    display_name: 'Kleo  of Xanthos',
    avatar_url: `${discourseUrl}/user_avatar/forum.example.org/kleo/96/12_2.png`,
  })
  setClock(noon + 10_000)
  await deliver('user_updated', aUser(cleo, { suspended_till: at(60) }))
  expect(await boardOf('replies')).toEqual([])
  setClock(noon + 20_000)
  await deliver(
    'user_updated',
    aUser(cleo, { suspended_till: at(-60), avatar_template: '//cdn.example.org/{size}.png' }),
  )
  expect(await boardOf('replies')).toEqual([['cleo', 1]])
  expect((await read('/v1/users/3')).user.avatar_url).toBe('https://cdn.example.org/96.png')
  setClock(noon + 30_000)
  await deliver(
    'user_updated',
    aUser(cleo, { name: null, avatar_template: 'http://plain.example.org/{size}.png' }),
  )
  expect((await read('/v1/users/3')).user).toMatchObject({ display_name: null, avatar_url: null })
  await deliver('user_destroyed', aUser(cleo))
  setClock(noon + 50_000)
  expect((await fetchApi('/v1/users/3')).status).toBe(404)
  expect((await read(`/v1/metrics/active_members?at_least=${await positionNow()}`)).value).toBe(1)
})

it('an event without the signature of exactly its body is 401, and nothing is recorded', async () => {
  const payload = aPost({ id: 101, by: cleo, at: at(-30) })
  const request = await anEvent('post_created', payload)
  const body = await request.clone().text()
  const good = request.headers.get('x-discourse-event-signature') ?? ''
  const forged = {
    missing: null,
    empty: '',
    'no prefix': good.replace('sha256=', ''),
    'another algorithm': good.replace('sha256=', 'sha1='),
    capitals: good.toUpperCase(),
    'too short': good.slice(0, -2),
    'too long': `${good}00`,
    'one digit changed': good.slice(0, -1) + (good.endsWith('0') ? '1' : '0'),
    'another secret': await signatureOf(body, 'a secret that somebody guessed'),
    'another body': await signatureOf(`${body} `),
  }
  for (const [name, signature] of Object.entries(forged)) {
    const refused = await anEvent('post_created', payload, { 'x-discourse-event-signature': signature })
    expect(await answerOf(refused), name).toEqual([401, 'Invalid signature\n'])
  }
  expect(await rows()).toBe(0)
  expect(await answerOf(request)).toEqual([200, 'Sent contribution.created\n'])
})

it('a request that is not an event of Discourse is refused with the reason, never with 404 or 410, and nothing is recorded', async () => {
  const url = 'https://relay.example.org/'
  const signed = {
    'x-discourse-event-signature': await signatureOf('{"post":'),
    'x-discourse-event-type': 'post',
  }
  const post = aPost({ id: 1, by: ben })
  const refused: [Request, number, string][] = [
    [new Request(url), 405, 'Send a webhook of Discourse by POST'],
    [
      new Request(url, { method: 'POST', body: new Uint8Array(4 * 1024 * 1024 + 1) }),
      413,
      'The body is too long',
    ],
    [
      new Request(url, { method: 'POST', headers: signed, body: '{"post":' }),
      422,
      'Unexpected payload: The body is not JSON',
    ],
    [
      await anEvent('post_created', post, { 'x-discourse-event-type': 'constructor' }),
      422,
      'Unexpected payload: The body has no object with the name of the event type',
    ],
    [await anEvent('post_created', { ...post, id: '1; DROP' }), 422, 'Unexpected payload: "id" is not an ID'],
    [
      await anEvent('post_created', { ...post, created_at: null }),
      422,
      'Unexpected payload: "created_at" is not a time',
    ],
    [await anEvent('post_liked', { post }), 422, 'Unexpected payload: "user" is not an object'],
  ]
  for (const [request, status, text] of refused)
    expect(await answerOf(request)).toEqual([status, `${text}\n`])
  expect(await rows()).toBe(0)
})

const failing = (respond: () => Promise<Response>): Env => ({ ...env, PERENNIAL: { fetch: respond } })

it('Discourse gets no 2xx for an event that Perennial did not accept, sends it again, and it counts once', async () => {
  const failures: [() => Promise<Response>, number, string][] = [
    [async () => new Response('busy', { status: 503 }), 502, 'Perennial answered 503: busy'],
    // 404 would switch the webhook off.
    [async () => new Response('', { status: 404 }), 502, 'Perennial answered 404: '],
    [async () => new Response('why', { status: 422 }), 422, 'Perennial answered 422: why'],
    [async () => Response.redirect('https://a.example'), 502, 'Perennial answered 302: '],
    [
      async () => Promise.reject(new Error('Network connection lost')),
      502,
      'The event could not be passed on',
    ],
  ]
  const like = aLike({ id: 101, by: cleo }, ben)
  for (const [respond, status, text] of failures)
    expect(await answerOf(await anEvent('post_liked', like), failing(respond))).toEqual([status, `${text}\n`])
  let calls = 0
  const halfway = failing(async () => {
    calls += 1
    return calls === 1 ? new Response() : new Response('', { status: 500 })
  })
  expect((await answerOf(await anEvent('post_liked', like), halfway))[0]).toBe(502)
  expect([calls, await rows()]).toEqual([2, 0])
  await deliver('post_liked', like)
  expect(await countsOf(3)).toEqual({ total: 1, like_received: 1 })
})

it('the messages of the export are accepted, and equal those of the relay', async () => {
  await deliver('topic_created', aTopic({ id: 10, by: ben, at: '2026-11-10T10:00:00.123Z' }))
  await deliver('post_created', aPost({ id: 101, by: cleo, at: '2026-11-10T11:00:00.000Z' }))
  const verdicts = async (data: object[]): Promise<string[]> =>
    (await send('contribution.created', data, noon)).results.map(({ status }: Json) => status)
  expect(await verdicts(contributions.topic)).toEqual(['duplicate', 'recorded'])
  expect(await verdicts(contributions.post)).toEqual(['duplicate', 'recorded', 'recorded', 'recorded'])
  expect(await verdicts(contributions.like)).toEqual(['recorded', 'recorded', 'recorded', 'recorded'])
  expect(await verdicts(contributions.solution)).toEqual(['recorded'])
  // A like and a solution have another time in Discourse's tables than at the relay: the first recorded stands.
  await deliver('post_liked', aLike({ id: 101, by: cleo }, ben))
  await deliver('accepted_solution', aPost({ id: 101, by: cleo, at: '2026-11-10T11:00:00.000Z' }))
  expect(await countsOf(3)).toEqual({
    total: 5,
    topic: 1,
    post: 1,
    solution: 1,
    like_received: 1,
    like_given: 1,
  })
  for (const { type, timestamp, data } of Object.values(messages).flat()) await send(type, data, timestamp)
  expect(await countsOf(2)).toEqual({ total: 5, topic: 1, post: 2, like_received: 1, like_given: 1 })
})

/** A forum of three people: what one of them does next, to the topic or reply that `of` chooses. */
const act = fc.record({
  what: fc.constantFrom('topic', 'reply', 'like', 'accept', 'unaccept', 'delete', 'recover'),
  who: fc.integer({ min: 0, max: 2 }),
  of: fc.nat({ max: 2 }),
  deliveries: fc.constantFrom(1, 1, 2),
})

let forums = 0

it('after any history, people keep what they contributed: deletions take nothing away, and unaccepted solutions do not count', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 50 }), async (acts) => {
      forums += 1
      const base = forums * 1000
      const people = [1, 2, 3].map((index): Person => ({ id: base + index, username: `p${base + index}` }))
      const topics: TopicFields[] = []
      const replies: PostFields[] = []
      const likes = new Set<string>()
      const accepted = new Map<number, Person>()
      const counts = new Map(people.map(({ id }) => [id, new Map<string, number>()]))
      const credit = (type: string, { id }: Person): void => {
        const mine = counts.get(id)
        mine?.set(type, (mine.get(type) ?? 0) + 1)
      }
      for (const [index, { what, who, of, deliveries }] of acts.entries()) {
        setClock(noon + index * 1000)
        const by = people[who] ?? ben
        const topic = topics[of % topics.length]
        const reply = replies[of % replies.length]
        const id = base + 100 + index
        const events: [string, unknown][] = []
        if (what === 'topic') {
          topics.push({ id, by, at: at(0) })
          credit('topic', by)
          events.push(['topic_created', aTopic({ id, by, at: at(0) })])
        } else if (what === 'reply' && topic !== undefined) {
          replies.push({ id, by, topic: topic.id, at: at(0) })
          credit('post', by)
          events.push(['post_created', aPost({ id, by, topic: topic.id, at: at(0) })])
        } else if (what === 'like' && reply !== undefined && reply.by !== by) {
          if (!likes.has(`${reply.id}-${by.id}`)) {
            credit('like_given', by)
            credit('like_received', reply.by)
          }
          likes.add(`${reply.id}-${by.id}`)
          events.push(['post_liked', aLike(reply, by)])
        } else if (what === 'accept' && reply !== undefined) {
          accepted.set(reply.id, reply.by)
          events.push(['accepted_solution', aPost(reply)])
        } else if (what === 'unaccept' && reply !== undefined) {
          accepted.delete(reply.id)
          events.push(['unaccepted_solution', aPost(reply)])
        } else if (what === 'delete' && reply !== undefined) {
          events.push(['post_destroyed', aPost(reply)])
          events.push(['unaccepted_solution', aPost({ ...reply, deletedAt: at(0) })])
        } else if (what === 'recover' && reply !== undefined) {
          events.push(['post_recovered', aPost(reply)])
        }
        for (let delivery = 0; delivery < deliveries; delivery += 1)
          for (const [event, payload] of events) await deliver(event, payload)
      }
      for (const author of accepted.values()) credit('solution', author)
      for (const { id } of people) {
        const mine = Object.fromEntries(counts.get(id) ?? [])
        const total = Object.values(mine).reduce((sum, count) => sum + count, 0)
        const known = await fetchApi(`/v1/users/${id}`)
        expect(known.status === 404 ? {} : await countsOf(id)).toEqual(total === 0 ? {} : { total, ...mine })
      }
    }),
    { numRuns: amount(8, 80) },
  )
})
