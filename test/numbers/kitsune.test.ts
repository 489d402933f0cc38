import { beforeEach, describe, expect, it } from 'vitest'
import { setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, post, read, send, type Json } from '../support/site.ts'

/*
 * How Kitsune counts in 40 situations: a test for each one that the contract can express. A title says where Kitsune counts
 * differently.
 */

const now = Date.parse('2026-08-20T12:00:00.000Z')
const [A, U, W, V, S] = [1, 2, 3, 4, 5]

const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString()

let ids = 0

/** A contribution of a user a day ago, with content of its own. */
const a = (type: string, user: number, fields: Record<string, unknown> = {}): Json => {
  ids += 1
  const kind = type.startsWith('kb_') ? 'wiki.revision' : 'questions.answer'
  return aContribution({
    type,
    user: { id: user },
    occurred_at: daysAgo(1),
    content: { type: kind, id: ids },
    ...fields,
  })
}

const answers = (user: number, count: number): Json[] =>
  Array.from({ length: count }, () => a('answer', user))

const created = async (...data: Json[]): Promise<Json> => send('contribution.created', data)
const deleted = async (...contributions: Json[]): Promise<Json> =>
  send(
    'content.deleted',
    contributions.map(({ content }) => ({ content })),
  )
const retracted = async (one: Json, at: number, fields: Record<string, unknown> = {}): Promise<Json> =>
  send('contribution.retracted', { content: one.content, reason: 'spam', ...fields }, at)
const restored = async (one: Json, at: number, fields: Record<string, unknown> = {}): Promise<Json> =>
  send('contribution.restored', { content: one.content, ...fields }, at)

/** Lifetime counts of a user, as the profile shows them. */
const lifetime = async (user: number): Promise<Json> => {
  const { position } = await read('/healthz')
  return (await read(`/v1/users/${user}?at_least=${position}`)).lifetime
}

/** The count of a user on a board, 0 if unranked. */
const onBoard = async (board: string, user: number, query = ''): Promise<number> => {
  const { position } = await read('/healthz')
  const { entries } = await read(`/v1/leaderboards/${board}?limit=100&at_least=${position}${query}`)
  return entries.find((entry: Json) => entry.user.id === user)?.count ?? 0
}

const metric = async (name: string, query = '?'): Promise<number> => {
  const { position } = await read('/healthz')
  return (await read(`/v1/metrics/${name}${query}&at_least=${position}`)).value
}

/** Changes of users have no position; boards follow them within 5 s. */
const fiveSecondsLater = (): void => setClock(Date.now() + 5000)

beforeEach(async () => {
  await freshLog()
  setClock(now)
})

describe('answers', () => {
  it("1: an answer to one's own question counts for the profile, not for board or metric; deleted, it still does (Kitsune: 0)", async () => {
    const own = a('answer', A, { self: true })
    await created(own)
    await deleted(own)
    expect((await lifetime(A)).answer).toBe(1)
    expect([await onBoard('support-forum', A), await metric('support_forum_contributors', '?min=1')]).toEqual(
      [0, 0],
    )
  })

  it('2: spam counts nowhere (Kitsune: still on the profile and in KPIs); it counts again once it is unmarked, but not if it was deleted as spam', async () => {
    const spam = a('answer', U)
    await created(spam)
    await retracted(spam, now - 3)
    expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([0, 0])
    await restored(spam, now - 2)
    expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([1, 1])
    await retracted(spam, now - 1)
    await deleted(spam)
    expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([0, 0])
  })

  it('3: a good answer on a spam question is retracted with it, and a purge of the question does not bring it back (Kitsune: it does)', async () => {
    const good = a('answer', U, { parent: { type: 'questions.question', id: 'q' } })
    await created(good, a('question', A, { content: { type: 'questions.question', id: 'q' } }))
    await retracted(good, now)
    await retracted({ content: { type: 'questions.question', id: 'q' } }, now)
    await deleted(good)
    expect([
      (await lifetime(U)).answer,
      await onBoard('support-forum', U),
      (await lifetime(A)).question,
    ]).toEqual([0, 0, 0])
  })

  it('4: of three answers, one deleted, all three count everywhere (Kitsune: two in recomputed KPIs)', async () => {
    const three = answers(U, 3)
    await created(...three)
    await deleted(three[0])
    expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([3, 3])
    expect(await metric('support_forum_contributors', '?min=3')).toBe(1)
  })

  it('8: two live and three deleted answers count as five, whatever groups the user is in (Kitsune: 8)', async () => {
    const five = answers(U, 5)
    await created(...five)
    await deleted(...five.slice(0, 3))
    expect(await onBoard('support-forum', U)).toBe(5)
  })

  it('9: a user of no group is ranked like any other (Kitsune: absent from the forum board)', async () => {
    await created(...answers(V, 50), a('kb_edit', V, { locale: 'de' }))
    expect([
      await onBoard('support-forum', V),
      await onBoard('l10n', V),
      await onBoard('l10n', V, '&locale=de'),
    ]).toEqual([50, 1, 1])
    expect(await metric('support_forum_contributors')).toBe(1)
  })

  it('10: a hidden user is off the board, keeps the profile, and returns with every count', async () => {
    await created(...answers(U, 40))
    await send('user.updated', { id: U, is_hidden: true }, now - 2)
    fiveSecondsLater()
    expect([await onBoard('support-forum', U), (await lifetime(U)).answer]).toEqual([0, 40])
    await send('user.updated', { id: U, is_hidden: false }, now - 1)
    fiveSecondsLater()
    expect(await onBoard('support-forum', U)).toBe(40)
  })

  it('15: the first millisecond of the window counts, the one before does not; a contribution a day ahead is refused (Kitsune: counted)', async () => {
    await created(
      a('answer', U, { occurred_at: '2026-05-22T12:00:00.000Z' }),
      a('answer', U, { occurred_at: '2026-05-22T11:59:59.999Z' }),
    )
    expect(await onBoard('support-forum', U)).toBe(1)
    const data = a('answer', U, { occurred_at: '2026-08-21T12:00:00Z' })
    const response = await post(
      JSON.stringify({ type: 'contribution.created', timestamp: new Date(now).toISOString(), data }),
    )
    expect(response.status).toBe(422)
    await response.body?.cancel()
  })

  it('16: ten answers before the instant make a contributor; one exactly at it does not count', async () => {
    await created(...answers(U, 9), ...answers(W, 9))
    await created(
      a('answer', U, { occurred_at: '2026-08-20T07:00:00Z' }),
      a('answer', W, { occurred_at: '2026-08-20T06:59:59Z' }),
    )
    expect(await metric('support_forum_contributors', '?as_of=2026-08-20T07:00:00Z')).toBe(1)
    expect(await metric('support_forum_contributors', '?as_of=2026-08-20T07:00:00.001Z')).toBe(2)
  })

  it('17: a system account counts in no metric and on no board (Kitsune: in both KPIs)', async () => {
    await created(...answers(S, 12), a('kb_edit', S, { locale: 'de' }))
    await send('user.updated', { id: S, is_system: true })
    expect([await metric('support_forum_contributors'), await metric('l10n_contributors')]).toEqual([0, 0])
    expect([await onBoard('support-forum', S), await onBoard('l10n', S)]).toEqual([0, 0])
  })

  it('18: ten answers of which four are spam make no contributor (Kitsune: they do)', async () => {
    const ten = answers(U, 10)
    await created(...ten)
    for (const one of ten.slice(0, 4)) await retracted(one, now)
    expect([await onBoard('support-forum', U), await metric('support_forum_contributors')]).toEqual([6, 0])
  })

  it('19: a deleted asker takes no answer of others along (Kitsune: KPI answers fall to 1)', async () => {
    const two = answers(U, 2)
    const asked = [a('question', A), a('question', A)]
    await created(...asked, ...two)
    await deleted(...asked, ...two)
    await send('user.erased', { id: A })
    expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([2, 2])
    expect(await metric('support_forum_contributors', '?min=2')).toBe(1)
  })

  it("20: a deleted user is on no page, and their contributions still count in metrics (Kitsune: they become the bot's)", async () => {
    await created(...answers(U, 30), a('answer', S))
    await send('user.erased', { id: U })
    fiveSecondsLater()
    expect((await fetchApi(`/v1/users/${U}`)).status).toBe(404)
    expect([await onBoard('support-forum', U), await onBoard('support-forum', S)]).toEqual([0, 1])
    expect(await metric('support_forum_contributors')).toBe(1)
  })

  it('21: when asker and answerer are both deleted, the answer is still no self-answer (Kitsune: the bot answers itself)', async () => {
    await created(a('question', A), ...answers(U, 10))
    await send('user.erased', [{ id: A }, { id: U }])
    expect(await metric('support_forum_contributors')).toBe(1)
  })

  it('22: deactivation and deletion keep the count in any order (Kitsune: 0 or 1, depending on the order)', async () => {
    const one = a('answer', U)
    await created(one)
    await send('user.updated', { id: U, is_active: false }, now - 2)
    fiveSecondsLater()
    expect([await onBoard('support-forum', U), (await lifetime(U)).answer]).toEqual([0, 1])
    await deleted(one)
    await send('user.updated', { id: U, is_active: true }, now - 1)
    fiveSecondsLater()
    expect([await onBoard('support-forum', U), (await lifetime(U)).answer]).toEqual([1, 1])
  })

  it('23: deleting question 77 does not affect user 77 (Kitsune: the deleted answer of user 77 is lost)', async () => {
    const one = a('answer', 77)
    await created(one)
    await deleted(one, { content: { type: 'questions.question', id: 77 } })
    expect((await lifetime(77)).answer).toBe(1)
  })

  it('24: the product stays the original one after the question is moved, until an amendment moves it (Kitsune: it moves along)', async () => {
    const one = a('answer', U, { product: 'firefox' })
    await created(one)
    expect(await send('contribution.created', { ...one, product: 'mobile' })).toMatchObject({ conflict: 1 })
    expect(await onBoard('support-forum', U, '&product=firefox')).toBe(1)
    expect(await onBoard('support-forum', U, '&product=mobile')).toBe(0)
    await send('contribution.amended', { content: one.content, set: { product: 'mobile' } })
    expect(await onBoard('support-forum', U, '&product=firefox')).toBe(0)
    expect(await onBoard('support-forum', U, '&product=mobile')).toBe(1)
  })
})

describe('solutions', () => {
  it('5: a solution outlives its answer, in every window (Kitsune: the weekly one is lost)', async () => {
    const solution = a('solution', U)
    await created(solution)
    await deleted(solution)
    expect([(await lifetime(U)).solution, await onBoard('solutions', U, '&window=7d')]).toEqual([1, 1])
  })

  it('6: a solution by the asker counts for the profile only, and outlives its question (Kitsune: 0)', async () => {
    const own = a('solution', A, { self: true })
    await created(own)
    await deleted(own)
    expect([(await lifetime(A)).solution, await onBoard('solutions', A)]).toEqual([1, 0])
  })

  it('7: a solution that is unmarked and given to another user moves to them', async () => {
    const [first, second] = [a('solution', U), a('solution', W)]
    await created(first)
    await retracted(first, now, { type: 'solution', reason: 'unsolved' })
    await created(second)
    expect([(await lifetime(U)).solution, (await lifetime(W)).solution]).toEqual([0, 1])
  })

  it('34: a solution is dated when it was chosen (Kitsune: when its answer was posted)', async () => {
    const answer = a('answer', U, { occurred_at: daysAgo(10) })
    await created(answer, { ...answer, type: 'solution', occurred_at: daysAgo(0) })
    expect(await onBoard('solutions', U, '&window=7d')).toBe(1)
  })
})

describe('the knowledge base', () => {
  const document = { type: 'wiki.document', id: 'd' }
  const edit = (user: number, fields: Record<string, unknown> = {}): Json =>
    a('kb_edit', user, { locale: 'en-US', parent: document, ...fields })

  it('11: three edits of one document are three edits, one document, one contributor', async () => {
    await created(edit(U), edit(U), edit(U))
    expect([await onBoard('kb', U), await metric('kb_contributors')]).toEqual([3, 1])
    expect((await read(`/v1/users/${U}`)).documents).toBe(1)
  })

  it('12: editor and reviewer are contributors, reviews have a board (Kitsune: none), and a self-reviewer counts once', async () => {
    const one = edit(U)
    await created(one, { ...one, type: 'kb_review', user: { id: W } })
    expect([await metric('kb_contributors'), await onBoard('kb', W), await onBoard('reviews', W)]).toEqual([
      2, 0, 1,
    ])
    const own = edit(V)
    await created(own, { ...own, type: 'kb_review', self: true })
    expect(await metric('kb_contributors')).toBe(3)
  })

  it('13: an edit counts when it was made and its review when it was reviewed', async () => {
    const one = edit(U, { occurred_at: '2026-07-01T00:00:00Z' })
    await created(one, { ...one, type: 'kb_review', user: { id: W }, occurred_at: '2026-08-18T00:00:00Z' })
    expect(await metric('kb_contributors', '?as_of=2026-08-20T00:00:00Z')).toBe(1)
    expect(await metric('kb_contributors', '?as_of=2026-07-20T00:00:00Z')).toBe(1)
  })

  it('25: an edit of a translation counts once, whatever products its parent has (Kitsune: up to 3)', async () => {
    await created(edit(U, { locale: 'fr', product: 'firefox' }))
    expect(await onBoard('l10n', U, '&locale=fr&product=firefox')).toBe(1)
  })

  it('29: a review without a reviewer cannot be sent, so metrics count people only (Kitsune: one phantom)', async () => {
    const { user: _, ...nobody } = a('kb_review', W, { locale: 'en-US' })
    const response = await post(
      JSON.stringify({ type: 'contribution.created', timestamp: new Date(now).toISOString(), data: nobody }),
    )
    expect([response.status, await metric('kb_contributors')]).toEqual([422, 0])
    await response.body?.cancel()
  })

  it('35: edited documents count, visible or not, and still count when deleted (Kitsune: one fewer)', async () => {
    const [original, translation] = [
      edit(U),
      edit(U, { locale: 'de', parent: { type: 'wiki.document', id: 'd-de' } }),
    ]
    await created(original, translation)
    await deleted(original)
    await deleted({ content: document })
    expect((await read(`/v1/users/${U}`)).documents).toBe(2)
    expect([await onBoard('kb', U), await onBoard('l10n', U)]).toEqual([1, 1])
  })

  it('36: deleting the only edit of a document leaves the document counted (Kitsune: one fewer)', async () => {
    const only = edit(U)
    await created(only)
    await deleted(only)
    expect([(await read(`/v1/users/${U}`)).documents, await onBoard('kb', U)]).toEqual([1, 1])
  })
})

it("26: a helpful vote counts for the answer's author, whatever happens to voter or answer (Kitsune: lost with the answer)", async () => {
  const answer = a('answer', U)
  await created(answer, a('helpful_vote', U, { content: { type: 'questions.answervote', id: 1 } }))
  await send('user.erased', { id: W })
  await retracted(answer, now, { type: 'answer' })
  await deleted(answer)
  expect([(await lifetime(U)).helpful_vote, await onBoard('helpful', U)]).toEqual([1, 1])
})

it('30: equal counts share a rank, ordered by ID as a number (Kitsune: ranks 1 and 2)', async () => {
  await created(...answers(10, 5), ...answers(9, 5))
  const { entries } = await read('/v1/leaderboards/support-forum')
  expect(entries.map(({ rank, user }: Json) => [rank, user.id])).toEqual([
    [1, 9],
    [1, 10],
  ])
})

it('31: the 101st user is on the board, and the total includes them (Kitsune: invisible beyond the first 100)', async () => {
  await created(...Array.from({ length: 101 }, (_, index) => a('answer', 1000 + index)))
  const first = await read('/v1/leaderboards/support-forum?limit=100')
  const second = await read(`/v1/leaderboards/support-forum?limit=100&cursor=${first.next_cursor}`)
  expect([first.total, second.total, second.entries.length, second.entries[0].user.id]).toEqual([
    101, 101, 1, 1100,
  ])
})

it('37: the rank behind a title is the true one', async () => {
  await created(...Array.from({ length: 25 }, (_, index) => answers(100 + index, 25 - index)).flat())
  const { entries } = await read('/v1/leaderboards/support-forum?limit=100')
  expect([entries[9].rank, entries[24].rank, entries[24].user.id]).toEqual([10, 25, 124])
})

it('38: a message sent twice, and an answer sent after its deletion, count once', async () => {
  const one = a('answer', U)
  await deleted(one)
  await created(one)
  await created(one)
  expect([(await lifetime(U)).answer, await onBoard('support-forum', U)]).toEqual([1, 1])
})

it('39: a metric can be read for any day, twice or late, without gaps (Kitsune: a missed day is missing for ever)', async () => {
  await created(a('answer', U, { occurred_at: daysAgo(20) }))
  const days = Array.from({ length: 30 }, (_, day) => `?min=1&as_of=${daysAgo(day)}`)
  const values = await Promise.all(days.map(async (day) => metric('support_forum_contributors', day)))
  expect(values).toEqual(days.map((_, day) => (day < 20 ? 1 : 0)))
  expect(await metric('support_forum_contributors', days[3])).toBe(1)
})

describe('badges of a calendar year', () => {
  /** A user's answers of a year in Kitsune's zone. */
  const answersIn = async (year: number): Promise<number> => {
    const { position } = await read('/healthz')
    const query = `period=${year}&time_zone=US/Pacific&at_least=${position}`
    return (await read(`/v1/users/${U}?${query}`)).period.answer
  }

  it('32: an answer in the last hours of the year is of that year in the zone of the site (Kitsune: the badge is missed)', async () => {
    await created(a('answer', U, { occurred_at: '2026-01-01T03:00:00.000Z' }))
    expect([await answersIn(2025), await answersIn(2026)]).toEqual([1, 0])
  })

  it('33: an answer that is no longer spam counts for its year at once (Kitsune: the badge waits for another answer)', async () => {
    const given = answers(U, 30)
    await created(...given)
    await retracted(given[0], now)
    expect(await answersIn(2026)).toBe(29)
    await restored(given[0], now + 1)
    expect(await answersIn(2026)).toBe(30)
    await deleted(...given.slice(0, 10))
    expect(await answersIn(2026)).toBe(30)
  })
})
