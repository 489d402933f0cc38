import type { SentContribution } from '../../support/oracle.ts'
import { dayOf, daysAfter } from '../../support/oracleCalendar.ts'
import { calendarOf } from '../../support/oracleDays.ts'
import type { Json } from '../../support/site.ts'
import { names, stranger } from '../community/contributions.ts'
import { askEach, type Examination } from './examination.ts'
import { factsOf, identityOf } from '../traffic/ledger.ts'
import { address, zones } from '../traffic/questions.ts'

const day = 86_400_000
const usersAtATime = 4

const lineOf = (one: SentContribution): string => `${identityOf(one)} ${factsOf(one)}`

const examineStatistics = async (
  id: number,
  { reader, oracle, findings, position }: Examination,
  moment: number | undefined,
): Promise<void> => {
  const as_of = moment === undefined ? undefined : new Date(moment).toISOString()
  const request = address(`/v1/users/${id}`, { as_of, at_least: position })
  const { as_of: answered, ...found } = await reader.read(request)
  const expected = oracle.user(id, Date.parse(answered), moment === undefined)
  findings.compare(request, found, expected ? { ...expected, position } : { status: 404 })
}

const examineList = async (
  id: number,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  const days = random.pick([7, 30, 365, 0])
  const parameters = { window: days === 0 ? 'all' : `${days}d`, limit: 500, at_least: position }
  const request = address(`/v1/users/${id}/contributions`, parameters)
  const { contributions, as_of, status } = await reader.readAll(
    `/v1/users/${id}/contributions`,
    parameters,
    'contributions',
  )
  if (oracle.profile(id) === undefined) return findings.compare(request, status, 404)
  const from = days === 0 ? null : Date.parse(as_of) - days * day
  const lines: string[] = contributions.map((one: Json) => lineOf({ ...one, user: { id } }))
  findings.compare(request, lines.toSorted(), oracle.listed(id, { from, to: null }).map(lineOf).sort())
  findings.compared += lines.length
  const order: [number, number][] = contributions.map((one: Json) => [
    Date.parse(one.occurred_at),
    one.position,
  ])
  const isOrdered = order.every(([at, place], index) => {
    const [before, placeBefore] = order[index - 1] ?? [Infinity, Infinity]
    return at < before || (at === before && place < placeBefore)
  })
  findings.require(request, isOrdered, 'the order is wrong')
}

const examineCalendar = async (
  id: number,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  const timeZone = random.pick(zones)
  const to = daysAfter(dayOf(Date.now(), timeZone), random.whole(-1, 2))
  const from = daysAfter(to, -random.whole(1, 1000))
  const request = address(`/v1/users/${id}/calendar`, { from, to, time_zone: timeZone, at_least: position })
  const { status, days, total, current_streak, longest_streak } = await reader.read(request)
  if (oracle.profile(id) === undefined) return findings.compare(request, status, 404)
  findings.compare(
    request,
    { days, total, current_streak, longest_streak },
    calendarOf(oracle, id, { from, to, timeZone }),
  )
}

const keyOf = (name: unknown): string | undefined =>
  typeof name === 'string' ? name.toLowerCase().toUpperCase() : undefined

const examineNames = async ({ reader, oracle, findings }: Examination): Promise<void> => {
  const profiles = oracle
    .userIds()
    .map((id) => oracle.profile(id))
    .filter((profile) => profile !== undefined)
  for (const username of names) {
    if (username === null) continue
    const request = address('/v1/users', { username })
    const named = profiles.filter((profile) => keyOf(profile['username']) === keyOf(username))
    const first = named.sort((left, right) => Number(left['id']) - Number(right['id'])).slice(0, 20)
    findings.compare(request, (await reader.read(request)).users, first)
  }
}

/** Compares the statistics of every user who was ever named, and of one who was not; of one in `oneIn`, contributions and calendars too. */
export const examineUsers = async (examination: Examination): Promise<void> => {
  const { oracle, random, oneIn } = examination
  await askEach([...oracle.userIds(), stranger], usersAtATime, async (id) => {
    await examineStatistics(id, examination, undefined)
    if (!random.isOnce(oneIn)) return
    for (const moment of examination.moments) await examineStatistics(id, examination, moment)
    await examineList(id, examination)
    await examineCalendar(id, examination)
  })
  await examineNames(examination)
}
