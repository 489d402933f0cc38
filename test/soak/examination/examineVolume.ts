import { dayOf, daysAfter, startOf } from '../../support/oracleCalendar.ts'
import { volumeOf, type GroupName, type IntervalName } from '../../support/oracleVolume.ts'
import { groups, products } from '../community/contributions.ts'
import { address, metrics, zones } from '../traffic/questions.ts'
import { askEach, type Examination } from './examination.ts'

const questionsAtATime = 3

const intervals: readonly IntervalName[] = ['day', 'week', 'month', 'quarter', 'year']
const groupings: readonly (GroupName | undefined)[] = [undefined, 'type', 'locale', 'product']

/** About how many days of each interval are read. */
const spans: Record<IntervalName, number> = { day: 60, week: 120, month: 400, quarter: 400, year: 1500 }

interface VolumeAsked {
  interval: IntervalName
  groupBy: GroupName | undefined
}

const examineVolume = async (
  { interval, groupBy }: VolumeAsked,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  const timeZone = random.pick(zones)
  const filter = {
    ...(random.isOnce(3) && { group: random.pick(groups) }),
    ...(random.isOnce(3) && { product: random.pick(products) }),
  }
  const last = daysAfter(dayOf(Date.now(), timeZone), 1)
  const first = daysAfter(last, -random.whole(1, spans[interval]))
  const range = { from: first, to: last, time_zone: timeZone }
  const request = address('/v1/volume', {
    ...range,
    ...filter,
    interval,
    group_by: groupBy,
    at_least: position,
  })
  const { series, as_of, position: found } = await reader.read(request)
  const expected = volumeOf(oracle, {
    from: startOf(first, timeZone),
    to: startOf(last, timeZone),
    interval,
    timeZone,
    groupBy,
    type: undefined,
    filter,
    asOf: Date.parse(as_of),
  })
  findings.compare(request, { series, position: found }, { series: expected, position })
}

/** Compares every member of a metric in a group, by each measure. */
const examineMembers = async (
  metric: string,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  for (const measure of ['contributions', 'parents', 'days'] as const) {
    const group = random.pick([undefined, ...groups])
    const parameters = { window: 'all', min: 2, limit: 90, measure, group, at_least: position }
    const path = `/v1/metrics/${metric}/users`
    const { users, value } = await reader.readAll(path, parameters, 'users')
    const span = { from: null, to: null }
    const filter = group === undefined ? {} : { group }
    const counted = { of: measure, timeZone: 'UTC' }
    findings.compare(
      address(path, parameters),
      { users, value },
      {
        users: oracle.members(metric, span, filter, 2, counted),
        value: oracle.metric(metric, span, filter, 2, counted),
      },
    )
  }
}

/** Compares volume by every interval and grouping, and the members of every metric. */
export const examineVolumeAndMembers = async (examination: Examination): Promise<void> => {
  const asked = intervals.flatMap((interval) => groupings.map((groupBy) => ({ interval, groupBy })))
  await askEach(asked, questionsAtATime, async (one) => examineVolume(one, examination))
  await askEach(metrics, 1, async (metric) => examineMembers(metric, examination))
}
