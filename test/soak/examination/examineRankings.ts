import { metricRules, type Filter, type SentContribution, type Span } from '../../support/oracle.ts'
import { dayOf, daysAfter } from '../../support/oracleCalendar.ts'
import { historyOf } from '../../support/oracleDays.ts'
import { contributors, groups, locales, products } from '../community/contributions.ts'
import { askEach, type Examination } from './examination.ts'
import { address, boards, metrics, windows, zones } from '../traffic/questions.ts'

const day = 86_400_000
const rankingsAtATime = 3

/** A ranking of a board or a metric over a window, with a filter, live or as of an instant. */
interface Ranking {
  of: string
  window: string
  filter: Filter
  moment: number | undefined
}

const spanOf = ({ window, moment }: Ranking, asOf: number): Span => ({
  from: window === 'all' ? null : asOf - Number.parseInt(window, 10) * day,
  to: moment === undefined ? null : asOf,
})

const parametersOf = ({ window, filter, moment }: Ranking, at_least: number) => ({
  window,
  ...filter,
  as_of: moment === undefined ? undefined : new Date(moment).toISOString(),
  at_least,
})

const examineBoard = async (
  ranking: Ranking,
  { reader, oracle, findings, position }: Examination,
): Promise<void> => {
  const parameters = { ...parametersOf(ranking, position), limit: 100 }
  const request = address(`/v1/leaderboards/${ranking.of}`, parameters)
  const answer = await reader.read(request)
  const expected = oracle.board(ranking.of, spanOf(ranking, Date.parse(answer.as_of)), ranking.filter)
  const { entries, total } = answer
  const first = { position, total: expected.length, entries: expected.slice(0, 100) }
  findings.compare(request, { position: answer.position, total, entries }, first)
}

/** Compares all pages of a board, its CSV, and a user with their neighbours. */
const examineWholeBoard = async (ranking: Ranking, examination: Examination): Promise<void> => {
  const { reader, oracle, findings, random, position } = examination
  const path = `/v1/leaderboards/${ranking.of}`
  const parameters = parametersOf(ranking, position)
  const paged = await reader.readAll(path, { ...parameters, limit: 70 }, 'entries')
  const expected = oracle.board(ranking.of, spanOf(ranking, Date.parse(paged.as_of)), ranking.filter)
  findings.compare(`every page of ${address(path, parameters)}`, paged.entries, expected)

  const around = random.whole(1, contributors + 1)
  const request = address(path, { ...parameters, around, limit: 5 })
  const near = await reader.read(request)
  const ranked = oracle.board(ranking.of, spanOf(ranking, Date.parse(near.as_of)), ranking.filter)
  const place = ranked.findIndex(({ user }) => user['id'] === around)
  const start = Math.max(0, Math.min(place - 2, ranked.length - 5))
  findings.compare(
    request,
    { standing: near.standing, entries: near.entries },
    {
      standing: ranked[place] ?? null,
      entries: place === -1 ? [] : ranked.slice(start, start + 5),
    },
  )

  const table = address(`${path}.csv`, { ...parameters, as_of: paged.as_of, limit: 100 })
  const rows = [...(await (await reader.fetch(table)).text()).matchAll(/^(\d+),(\d+),/gm)]
  const pastSpan = { ...spanOf(ranking, Date.parse(paged.as_of)), to: Date.parse(paged.as_of) }
  const past = oracle.board(ranking.of, pastSpan, ranking.filter).slice(0, 100)
  findings.compare(
    table,
    rows.map(([, rank, id]) => [Number(rank), Number(id)]),
    past.map(({ rank, user }) => [rank, user['id']]),
  )
}

const examineMetric = async (
  ranking: Ranking,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  const [, least] = metricRules[ranking.of] ?? [() => false, 1]
  const min = random.pick([least, 2, 25])
  const request = address(`/v1/metrics/${ranking.of}`, { ...parametersOf(ranking, position), min })
  const { value, as_of, position: found } = await reader.read(request)
  const expected = oracle.metric(ranking.of, spanOf(ranking, Date.parse(as_of)), ranking.filter, min)
  findings.compare(request, { value, position: found }, { value: expected, position })
}

const examineHistory = async (
  metric: string,
  { reader, oracle, findings, random, position }: Examination,
): Promise<void> => {
  for (const timeZone of zones) {
    const to = daysAfter(dayOf(Date.now(), timeZone), 1)
    const from = daysAfter(to, -random.whole(30, 200))
    const [locale, group] = [random.pick([undefined, ...locales]), random.pick([undefined, ...groups])]
    const request = address(`/v1/metrics/${metric}/history`, {
      from,
      to,
      time_zone: timeZone,
      locale,
      group,
      at_least: position,
    })
    const matches = (one: SentContribution): boolean =>
      (locale === undefined || (one.locale ?? '') === locale) &&
      (group === undefined || oracle.isIn(one.user.id, group))
    const { points } = await reader.read(request)
    findings.compare(request, points, historyOf(oracle, metric, { from, to, timeZone }, matches))
  }
}

const filters = [
  {},
  ...locales.map((locale) => ({ locale })),
  ...products.map((product) => ({ product })),
  { locale: 'de', product: 'firefox' },
  ...groups.map((group) => ({ group })),
  { locale: 'xx' },
]

const rankingsOf = (names: readonly string[], moments: readonly (number | undefined)[]): Ranking[] =>
  names.flatMap((of) =>
    windows.flatMap((window) =>
      filters.flatMap((filter) => moments.map((moment) => ({ of, window, filter, moment }))),
    ),
  )

const isFiltered = ({ filter }: Ranking): boolean => Object.keys(filter).length > 0

/** One in this many rankings as of past instants is read: each scans the log. */
const pastOneIn = 8

/**
 * Compares every board and metric over every window live, one in `oneIn` with filters, some as of past instants, whole boards
 * to their last page, and every metric's history.
 */
export const examineRankings = async (examination: Examination): Promise<void> => {
  const { random, moments, oneIn } = examination
  const rankings = (names: readonly string[]): Ranking[] => [
    ...rankingsOf(names, [undefined]).filter((ranking) => !isFiltered(ranking) || random.isOnce(oneIn)),
    ...rankingsOf(names, moments).filter(() => random.isOnce(pastOneIn * oneIn)),
  ]
  const whole = rankingsOf(boards, [undefined]).filter((ranking) => !isFiltered(ranking))
  await askEach(rankings(boards), rankingsAtATime, async (ranking) => examineBoard(ranking, examination))
  await askEach(whole, rankingsAtATime, async (ranking) => examineWholeBoard(ranking, examination))
  await askEach(rankings(metrics), rankingsAtATime, async (ranking) => examineMetric(ranking, examination))
  await askEach(metrics, 1, async (metric) => examineHistory(metric, examination))
}
