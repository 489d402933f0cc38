import { contributionsMeasure, countBy, type Filter, type Oracle, type SentContribution } from './oracle.ts'
import { dayOf, daysAfter, intervalsOf, startOf } from './oracleCalendar.ts'
import { rules } from './oracleRules.ts'
import type { IntervalName } from './oracleVolume.ts'

/* The community by brute force: each number is counted for itself, from lists of contributions. */

/** What the three routes are asked. */
export interface CommunityQuestion {
  /** The range as it is asked, before it is widened. */
  from: number
  to: number
  interval: IntervalName
  timeZone: string
  filter: Filter
  /** The instant that the answer is for. */
  asOf: number
  live: boolean
}

const hour = 3_600_000

/** Shares and hours, rounded half up. Written with whole numbers, because a test compares the last digit. */
const rounded = (numerator: number, denominator: number, decimals: number): number => {
  const scale = 10n ** BigInt(decimals)
  const [top, bottom] = [BigInt(numerator) * scale * 2n, BigInt(denominator) * 2n]
  return Number((top + bottom / 2n) / bottom) / Number(scale)
}

const intervalOf = (instant: number, { interval, timeZone }: CommunityQuestion): string =>
  intervalsOf(dayOf(instant, timeZone))[interval]

const nextOf = (first: string, interval: IntervalName): string => {
  let day = first
  while (intervalsOf(day)[interval] === first) day = daysAfter(day, 1)
  return day
}

/** The range as the answer shows it: from a whole interval on, up to `as_of` at the latest. */
export const communityWindow = (question: CommunityQuestion): { from: number; to: number } => {
  const { from, to, timeZone, asOf, live } = question
  const start = from < to ? startOf(intervalOf(from, question), timeZone) : from
  return { from: start, to: live ? to : Math.max(start, Math.min(to, asOf)) }
}

/** The intervals of the answer, each with the instant at which it is over. */
const intervalsIn = (question: CommunityQuestion): { date: string; end: number }[] => {
  const { interval, timeZone } = question
  const { from, to } = communityWindow(question)
  const found: { date: string; end: number }[] = []
  if (from >= to) return found
  for (let date = intervalOf(from, question); startOf(date, timeZone) < to;) {
    const next = nextOf(date, interval)
    const end = startOf(next, timeZone)
    if (startOf(date, timeZone) < end) found.push({ date, end })
    date = next
  }
  return found
}

const instantOf = ({ occurred_at }: SentContribution): number => Date.parse(occurred_at)

const isFor = (oracle: Oracle, one: SentContribution, { locale, product, group }: Filter): boolean =>
  oracle.isCounted(one.user.id) &&
  (locale === undefined || (one.locale ?? '') === locale) &&
  (product === undefined || (one.product ?? '') === product) &&
  (group === undefined || oracle.isIn(one.user.id, group))

const matchingOf = (oracle: Oracle, metric: string, filter: Filter): SentContribution[] => {
  const [rule] = rules.metrics[metric] ?? [() => false]
  return oracle.effective().filter((one) => rule(one) && isFor(oracle, one, filter))
}

const peopleOf = (listed: readonly SentContribution[]): Set<number> =>
  new Set(listed.map((one) => one.user.id))

/** The contributions of an interval that lie in the range of the answer. */
const inside = (
  matching: readonly SentContribution[],
  date: string,
  question: CommunityQuestion,
): SentContribution[] =>
  matching.filter(
    (one) => instantOf(one) < communityWindow(question).to && intervalOf(instantOf(one), question) === date,
  )

/** The points of GET /v1/community. */
export const communityOf = (oracle: Oracle, metric: string, question: CommunityQuestion): object[] => {
  const matching = matchingOf(oracle, metric, question.filter)
  return intervalsIn(question).map(({ date, end }) => {
    const own = inside(matching, date, question)
    const before = peopleOf(inside(matching, intervalsOf(daysAfter(date, -1))[question.interval], question))
    const active = peopleOf(own)
    const isNew = (id: number): boolean =>
      matching.every((one) => one.user.id !== id || instantOf(one) >= startOf(date, question.timeZone))
    const counts = [...active]
      .map((id) =>
        countBy(
          own.filter((one) => one.user.id === id),
          contributionsMeasure,
        ),
      )
      .sort((left, right) => right - left)
    const least = counts.findIndex(
      (_, index) => 2 * counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0) >= own.length,
    )
    const top = counts.slice(0, 10).reduce((sum, count) => sum + count, 0)
    const fresh = [...active].filter(isNew)
    const returning = [...active].filter((id) => before.has(id))
    return {
      date,
      active: active.size,
      new: fresh.length,
      returning: returning.length,
      resurrected: [...active].filter((id) => !isNew(id) && !before.has(id)).length,
      dormant: [...before].filter((id) => !active.has(id)).length,
      contributions: own.length,
      top_share: own.length === 0 ? null : rounded(top, own.length, 4),
      absence_factor: least + 1,
      complete: end <= question.asOf,
    }
  })
}

/** The cohorts of GET /v1/community/cohorts. */
export const cohortsOf = (oracle: Oracle, metric: string, question: CommunityQuestion): object[] => {
  const matching = matchingOf(oracle, metric, question.filter)
  const { to } = communityWindow(question)
  const firstOf = (id: number): number =>
    Math.min(...matching.filter((one) => one.user.id === id).map(instantOf))
  const people = [...peopleOf(matching)].filter((id) => firstOf(id) < to)
  return intervalsIn(question).map(({ date }, index, all) => {
    const members = people.filter((id) => intervalOf(firstOf(id), question) === date)
    const retention = all.slice(index).map((later) => {
      const active = peopleOf(inside(matching, later.date, question))
      const stayed = members.filter((id) => active.has(id)).length
      return {
        date: later.date,
        active: stayed,
        share: members.length === 0 ? null : rounded(stayed, members.length, 4),
        complete: later.end <= question.asOf,
      }
    })
    return { date, size: members.length, retention }
  })
}

interface Asked {
  at: number
  /** Of all replies that count, the milliseconds from the question to it. */
  delays: number[]
  isSolved: boolean
}

const askedOf = (oracle: Oracle, { filter, asOf, live }: CommunityQuestion): Asked[] => {
  const isAbout = (reply: SentContribution, { content }: SentContribution): boolean =>
    reply.parent?.type === content.type && reply.parent.id === content.id
  const later = oracle
    .effective()
    .filter((one) => (live || instantOf(one) < asOf) && oracle.isCounted(one.user.id))
  return oracle
    .effective()
    .filter((one) => one.type === 'question' && isFor(oracle, one, filter))
    .map((question) => ({
      at: instantOf(question),
      delays: later
        .filter(
          (one) =>
            one.type === 'answer' &&
            isAbout(one, question) &&
            one.self !== true &&
            one.user.id !== question.user.id &&
            instantOf(one) >= instantOf(question),
        )
        .map((one) => instantOf(one) - instantOf(question)),
      isSolved: later.some((one) => one.type === 'solution' && isAbout(one, question)),
    }))
}

/** The points of GET /v1/responses. */
export const responsesOf = (oracle: Oracle, question: CommunityQuestion): object[] => {
  const asked = askedOf(oracle, question)
  const { to } = communityWindow(question)
  return intervalsIn(question).map(({ date }) => {
    const own = asked.filter(({ at }) => at < to && intervalOf(at, question) === date)
    const first = own
      .flatMap(({ delays }) => (delays.length === 0 ? [] : [Math.min(...delays)]))
      .sort((left, right) => left - right)
    const count = first.length
    const middle = [first[Math.ceil(count / 2) - 1] ?? 0, first[Math.floor(count / 2)] ?? 0]
    const ninetieth = first.find((_, index) => 10 * (index + 1) >= 9 * count)
    return {
      date,
      questions: own.length,
      replied: count,
      replied_24h: first.filter((delay) => delay <= 24 * hour).length,
      replied_72h: first.filter((delay) => delay <= 72 * hour).length,
      solved: own.filter(({ isSolved }) => isSolved).length,
      median_hours: count === 0 ? null : rounded((middle[0] ?? 0) + (middle[1] ?? 0), 2 * hour, 2),
      p90_hours: ninetieth === undefined ? null : rounded(ninetieth, hour, 2),
      open: own.filter(({ at, delays }) => delays.length === 0 && question.asOf - at < 72 * hour).length,
    }
  })
}
