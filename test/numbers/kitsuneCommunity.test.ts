import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { readAll } from '../support/compare.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, read, send, type Json } from '../support/site.ts'

/*
 * Kitsune's own cohorts, and the weekly table of Mozilla's warehouse, from the API. Both are computed here a second time by
 * the rules of their sources (docs/kitsune.md), from the same contributions.
 */

const week = 7 * 86_400_000

/** Mondays in Los Angeles around the clock of the tests, where clocks were set back on 2026-11-01. */
const monday = Date.parse('2026-11-16T08:00:00Z')
const before = (weeks: number): number => Date.parse('2026-11-16') - weeks * week

interface Act {
  type: 'answer' | 'kb_edit' | 'kb_review' | 'solution'
  user: number
  at: number
  locale?: string
  self?: boolean
}

/** An even distribution, the same in every run. */
const spread = (index: number, sequence: number): number => ((index + 1) * Math.sqrt(sequence)) % 1

/** 400 acts of 60 people, each over one to nine weeks. */
const acts: Act[] = Array.from({ length: 400 }, (_, index): Act => {
  const user = 1 + Math.floor(60 * spread(index, 2) ** 2)
  const begins = (user * 7) % 15
  const type = (['answer', 'answer', 'kb_edit', 'kb_review'] as const)[Math.floor(4 * spread(index, 3))]
  return {
    type: type ?? 'answer',
    user,
    at: Math.floor(before(15 - begins) + (1 + (user % 9)) * week * spread(index, 5)),
    locale: spread(index, 7) < 0.5 ? 'en-US' : 'de',
    self: type === 'answer' && spread(index, 11) < 0.2,
  }
}).filter(({ at }) => at < noon)

const record = async (all: readonly Act[]): Promise<void> => {
  await send(
    'contribution.created',
    all.map(({ type, user, at, locale, self }, index) =>
      aContribution({
        type,
        user: { id: user },
        occurred_at: new Date(at).toISOString(),
        content: { type: `content.${type}`, id: index },
        locale,
        self,
      }),
    ),
  )
}

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

/** Kitsune's weeks: the 12 that were complete on Monday, from Pacific midnight to Pacific midnight. */
const mondays = Array.from({ length: 13 }, (_, index) => {
  const date = new Date(before(12 - index)).toISOString().slice(0, 10)
  return { date, from: Date.parse(`${date}T00:00:00${date < '2026-11-02' ? '-07:00' : '-08:00'}`) }
})

const weekOf = (at: number): number => mondays.findLastIndex(({ from }) => at >= from)

/** `kpi/tasks.py::cohort_analysis` for one of its kinds: people by the week of their first act, and who acted later. */
const kitsuneCohorts = (all: readonly Act[]): Json[] => {
  const firstOf = new Map<number, number>()
  for (const { user, at } of all) firstOf.set(user, Math.min(firstOf.get(user) ?? Infinity, at))
  return mondays.slice(0, 12).map(({ date }, index) => {
    const members = [...firstOf].filter(([, at]) => weekOf(at) === index).map(([user]) => user)
    const retention = mondays.slice(index, 12).map((_, later) => {
      const active = all.filter(({ user, at }) => members.includes(user) && weekOf(at) === index + later)
      return new Set(active.map(({ user }) => user)).size
    })
    return { date, size: members.length, retention }
  })
}

const cohorts = async (rule: string): Promise<Json[]> => {
  const asked = { interval: 'week', time_zone: 'America/Los_Angeles', to: '2026-11-16', rule }
  const found = await read(`/v1/community/cohorts?${new URLSearchParams(asked).toString()}`)
  return found.cohorts.map(({ date, size, retention }: Json) => ({
    date,
    size,
    retention: retention.map(({ active }: Json) => active),
  }))
}

const isEdit = ({ type }: Act): boolean => type === 'kb_edit' || type === 'kb_review'
const isHelp = ({ type, self }: Act): boolean => type === 'answer' && self !== true

describe("Kitsune's cohorts of the last 12 complete weeks", () => {
  it.each([
    ['contributor:kb:en-US', 'kb_contributors', (act: Act) => isEdit(act) && act.locale === 'en-US'],
    ['contributor:kb:l10n', 'l10n_contributors', (act: Act) => isEdit(act) && act.locale === 'de'],
    ['contributor:supportforum:helper', 'support_forum_contributors', isHelp],
  ])('equal, for the kind %s, those of the rule %s', async (_, rule, counts) => {
    await record(acts)
    const expected = kitsuneCohorts(acts.filter(counts))
    expect(expected.filter(({ size }) => size > 0).length).toBeGreaterThan(8)
    expect(await cohorts(rule)).toEqual(expected)
  })

  it('equal, for the kind contributor, those of active_contributors if each person only edits or only answers', async () => {
    const one = acts.filter((act) => (act.user % 2 === 0 ? isEdit(act) : isHelp(act)))
    await record(one)
    expect(await cohorts('active_contributors')).toEqual(kitsuneCohorts(one))
    expect(monday).toBe(mondays[12]?.from)
  })

  it('28: a person who edits first and answers later begins once (Kitsune: in two weeks); a solution is activity (Kitsune: it is not)', async () => {
    await record([
      { type: 'kb_edit', user: 1, at: before(5) + 10 * 3_600_000 },
      { type: 'answer', user: 1, at: before(3) + 10 * 3_600_000 },
      { type: 'solution', user: 1, at: before(2) + 10 * 3_600_000 },
    ])
    const began = (await cohorts('active_contributors')).filter(({ size }) => size > 0)
    expect(began).toEqual([{ date: '2026-10-12', size: 1, retention: [1, 0, 1, 1, 0] }])
    expect((await cohorts('support_forum_contributors')).filter(({ size }) => size > 0)).toEqual([
      { date: '2026-10-26', size: 1, retention: [1, 0, 0] },
    ])
  })
})

it('40: a reply by the asker answers no question (Kitsune: it counts as a reply within 24 hours)', async () => {
  const question = { type: 'questions.question', id: 'q' }
  await send('contribution.created', [
    aContribution({
      type: 'question',
      user: { id: 1 },
      content: question,
      occurred_at: new Date(noon - 7_200_000).toISOString(),
    }),
    aContribution({
      user: { id: 1 },
      parent: question,
      occurred_at: new Date(noon - 3_600_000).toISOString(),
    }),
  ])
  const { points } = await read('/v1/responses?from=2026-11-16')
  expect(points).toMatchObject([{ questions: 1, replied: 0, replied_24h: 0, open: 1 }])
})

describe("a week of Mozilla's table of contributors", () => {
  const [start, end] = [before(1), before(0)]
  const answers = acts.filter(isHelp)
  const inRange = (from: number, to: number): Act[] => answers.filter(({ at }) => at >= from && at < to)
  const peopleIn = (from: number, to: number): number[] => [
    ...new Set(inRange(from, to).map(({ user }) => user)),
  ]

  /** A board of answers over a range: users with their counts. */
  const board = async (from: number, to: number): Promise<[number, number][]> => {
    const asked = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    const { entries } = await readAll('/v1/leaderboards/support-forum', { ...asked, limit: 5 }, 'entries')
    return entries.map(({ user, count }: Json): [number, number] => [user.id, count])
  }

  /** Users ranked at most 10th when equal counts share a rank and no rank is skipped. */
  const denseTop = (counted: readonly (readonly [number, number])[]): number[] => {
    const distinct = [...new Set(counted.map(([, count]) => count))].sort((one, other) => one - other)
    const tenth = distinct.at(-10) ?? 0
    return counted.filter(([, count]) => count >= tenth).map(([user]) => user)
  }

  beforeEach(async () => await record(acts))

  it('counts as contributors and new contributors the people who are active and new in the week', async () => {
    const { points } = await read(
      '/v1/community?rule=support_forum_contributors&from=2026-11-09&to=2026-11-16',
    )
    const firsts = peopleIn(start, end).filter((id) => peopleIn(0, start).every((earlier) => earlier !== id))
    expect(points).toMatchObject([{ active: peopleIn(start, end).length, new: firsts.length }])
    expect([points[0].active > 3, points[0].new > 0]).toEqual([true, true])
  })

  it('has as its top share the share of its answers by the people ranked 10th or better over five weeks', async () => {
    const shareOf = (top: readonly number[], counted: readonly (readonly [number, number])[]): number =>
      counted.filter(([id]) => top.includes(id)).reduce((sum, [, count]) => sum + count, 0) /
      counted.reduce((sum, [, count]) => sum + count, 0)
    const countOf = (from: number, to: number): [number, number][] =>
      peopleIn(from, to).map((id) => [id, inRange(from, to).filter(({ user }) => user === id).length])
    const expected = shareOf(denseTop(countOf(before(5), end)), countOf(start, end))
    const found = shareOf(denseTop(await board(before(5), end)), await board(start, end))
    expect(found).toBe(expected)
    expect(expected).toBeGreaterThan(0)
  })

  it('has as its retention the share of the people of four weeks who came back in the next five weeks', async () => {
    const [earlier, later] = [peopleIn(before(9), before(5)), peopleIn(before(5), end)]
    const idsOf = async (from: number, to: number): Promise<number[]> =>
      (await board(from, to)).map(([id]) => id)
    const [ids, back] = [await idsOf(before(9), before(5)), await idsOf(before(5), end)]
    expect(ids.filter((id) => back.includes(id)).length / ids.length).toBe(
      earlier.filter((id) => later.includes(id)).length / earlier.length,
    )
    expect(earlier.length).toBeGreaterThan(5)
  })
})
