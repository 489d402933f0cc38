import { useMemo } from 'preact/hooks'
import { formatDay, type DayNumber } from '../../contributions/calendar.ts'
import type { VolumeAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { ApiAddress, ApiQuery } from '../api/fetchApi.ts'
import { useLogStart, type LogStart } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { DateTable } from '../parts/DateTable.tsx'
import { Difference } from '../parts/Difference.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { queryString } from '../parts/queryString.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import { Chart, type Draw, type Point } from './Chart.tsx'
import type { DashboardState } from './dashboardState.ts'
import { daysOf } from './range.ts'
import { historyRefreshSeconds } from './Tiles.tsx'

/** The contributions of the range by interval and in total, and the total of an equally long range before it. */
interface Volume {
  points: { date: string; contributions: number; complete: boolean }[]
  total: number
  before: number
}

const volumeAddress = (
  { range, interval, timeZone, locale, product }: DashboardState,
  today: string,
): ApiAddress => {
  const { from, to } = daysOf(range, today)
  const days = { from: formatDay(from), to: formatDay(to) }
  return {
    path: '/v1/volume',
    query: queryString({ ...days, interval, time_zone: timeZone, locale, product }),
  }
}

const pointsOf = ({ series }: VolumeAnswer): Volume['points'] => series.flatMap(({ points }) => points)

const totalOf = (points: Volume['points']): number =>
  points.reduce((sum, { contributions }) => sum + contributions, 0)

const volumeOf = (state: DashboardState, today: string): ApiQuery<Volume> => {
  const { path, query } = volumeAddress(state, today)
  const { from, to } = daysOf(state.range, today)
  const { timeZone, locale, product } = state
  const before = queryString({
    from: formatDay(from - (to - from)),
    to: formatDay(from),
    interval: 'year',
    time_zone: timeZone,
    locale,
    product,
  })
  return {
    key: path + query,
    load: async (fetchApi) => {
      const [now, earlier] = await Promise.all([
        fetchApi<VolumeAnswer>(path + query),
        fetchApi<VolumeAnswer>(path + before),
      ])
      if (!now.ok) return now
      if (!earlier.ok) return earlier
      const points = pointsOf(now.body)
      return { ok: true, body: { points, total: totalOf(points), before: totalOf(pointsOf(earlier.body)) } }
    },
  }
}

interface CutContext {
  /** The first day of the range. */
  from: string
  start: LogStart | undefined
  texts: Texts
  formatters: Formatters
}

/** Says which part of its interval a point lacks; undefined if none. */
const cutOf = (
  { date, complete }: Volume['points'][number],
  { from, start, texts: { text }, formatters }: CutContext,
): string | undefined => {
  if (!complete) return text('volume.so-far')
  if (start && date < start.whole && start.first >= from)
    return text('log.begins', { day: formatters.day(start.first) })
  return date < from ? text('volume.only-from', { day: formatters.day(from) }) : undefined
}

interface ComparedProps {
  body: Volume
  /** The range, `[from, to)`. */
  from: DayNumber
  to: DayNumber
  start: LogStart
  formatters: Formatters
}

/** The change from an equally long range before, unless the log begins later than that range. */
const Compared = ({ body: { total, before }, from, to, start, formatters }: ComparedProps) => {
  const { text } = useTexts()
  if (formatDay(from - (to - from)) < start.whole)
    return <> · {text('volume.too-early', { day: formatters.day(start.first) })}</>
  return (
    <>
      {' · '}
      <Difference now={total} before={before} formatters={formatters} />{' '}
      {text('volume.before', { count: to - from, before })}
    </>
  )
}

interface VolumeProps {
  state: DashboardState
  today: string
  formatters: Formatters
  draw: Draw | undefined
}

/**
 * The number of contributions over time, for the range and interval of the history chart, compared with the time
 * before.
 */
export const VolumePanel = ({ state, today, formatters, draw }: VolumeProps) => {
  const texts = useTexts()
  const { text } = texts
  const start = useLogStart()
  const { body, isCurrent, problem, retry } = useQuery(
    volumeOf(state, today),
    undefined,
    historyRefreshSeconds,
  )
  const data = volumeAddress(state, today)
  const { from, to } = daysOf(state.range, today)
  const points = useMemo(
    (): readonly Point[] =>
      body?.points.map((point) => {
        const day = formatters.weekday(point.date)
        const name = text(`volume.from-${state.interval}`, { day })
        const cut = cutOf(point, { from: formatDay(from), start, texts, formatters })
        return {
          date: point.date,
          value: point.contributions,
          name: cut === undefined ? name : `${name}, ${cut}`,
          isPartial: cut !== undefined,
        }
      }) ?? [],
    [body, start, formatters],
  )
  return (
    <section class="panel" id="volume" aria-labelledby="volume-title">
      <PanelHead
        id="volume-title"
        title={text('volume.title')}
        note={
          body && (
            <>
              {text('contributions', { count: body.total })}
              {start && <Compared body={body} from={from} to={to} start={start} formatters={formatters} />}
            </>
          )
        }
        data={data}
        rows={body?.points.length}
      />
      {problem && <ErrorNotice problem={problem} retry={retry} />}
      {(body ?? !problem) && (
        <div class="chart-frame" aria-busy={!isCurrent}>
          <Chart
            label={text('volume.chart')}
            emptyText={text('history.empty')}
            points={points}
            formatters={formatters}
            draw={draw}
            onSelect={() => undefined}
          />
          {!body && <p class="waiting soft">{text('loading')}</p>}
        </div>
      )}
      <DateTable
        label={text('volume.table')}
        headings={[text('volume.title')]}
        rows={points.map(({ date, value, name }) => ({
          key: date,
          date: name,
          values: [formatters.number(value)],
        }))}
      />
    </section>
  )
}
