import { useMemo } from 'preact/hooks'
import { formatDay, intervals } from '../../contributions/calendar.ts'
import { metrics } from '../../definitions/definitions.ts'
import type { HistoryAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { coversWindow, useLogStart } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import { Choices } from '../parts/Choices.tsx'
import { DateTable } from '../parts/DateTable.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { WithoutScript } from '../parts/WithoutScript.tsx'
import { clockIn, type Formatters } from '../formatters.ts'
import { RangeForm } from '../parts/RangeForm.tsx'
import { filteredNote } from '../parts/titles.ts'
import { useUncounted } from '../parts/uncounted.ts'
import { useTexts } from '../texts/texts.ts'
import { Chart, type Draw, type Point } from './Chart.tsx'
import { chartOf, historyAddress, pointsOf, type LiveMetrics } from './dashboardQueries.ts'
import { addressOf, parametersOf, type DashboardState } from './dashboardState.ts'
import { daysOf, endsToday, fits, fittingInterval } from './range.ts'
import { historyRefreshSeconds } from './Tiles.tsx'

interface HistoryProps {
  state: DashboardState
  today: string
  /** The numbers of the tiles. The chart ends with the same number. */
  live: LiveMetrics | undefined
  formatters: Formatters
  draw: Draw | undefined
  go: (address: string) => void
}

const Ranges = ({ state }: { state: DashboardState }) => {
  const { text } = useTexts()
  return (
    <Choices
      label={text('history.range')}
      choices={(['90d', '1y', '3y'] as const).map((range) => ({
        name: text(`history.range.${range}`),
        href: addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }),
        isChosen: state.range === range,
      }))}
    />
  )
}

const Intervals = ({ state }: { state: DashboardState }) => {
  const { text } = useTexts()
  return (
    <Choices
      label={text('history.interval')}
      choices={intervals.map((interval) => ({
        name: text(`history.interval.${interval}`),
        href: addressOf({ ...state, interval }),
        isChosen: state.interval === interval,
        unavailable: fits(state.range, interval) ? undefined : text('history.too-many-points'),
      }))}
    />
  )
}

interface PointsProps extends Omit<HistoryProps, 'draw' | 'go'> {
  /** The length of the metric's window. */
  windowDays: number
  /** Whether the metric counts nothing with the page's filters. */
  isUncounted: boolean
}

/** The points of a history, one per midnight, and one for now if the range ends today. */
const usePoints = ({ state, today, live, windowDays, formatters, isUncounted }: PointsProps) => {
  const { text } = useTexts()
  const start = useLogStart()
  const { body, isCurrent, problem, retry } = useQuery<HistoryAnswer>(
    isUncounted ? notLoaded : chartOf(state, today),
    undefined,
    historyRefreshSeconds,
  )
  const value = live?.metrics.find(({ metric }) => metric === state.metric)?.value
  const asOf = endsToday(state.range, today) ? live?.as_of : undefined
  const points = useMemo((): readonly Point[] => {
    if (!body) return []
    const toPoint = (date: string, count: number, name: string): Point => {
      if (!start || coversWindow(start, date.slice(0, 10), windowDays)) return { date, value: count, name }
      return { date, value: count, name, part: text('log.begins', { day: formatters.day(start.first) }) }
    }
    const midnights = pointsOf(body, state, today).map(({ date, value: count }) =>
      toPoint(date, count, text('history.at-midnight', { day: formatters.weekday(date) })),
    )
    if (asOf === undefined || value === undefined) return midnights
    const date = `${today}T${clockIn(asOf, state.timeZone)}`
    return [...midnights, toPoint(date, value, text('history.now', { time: formatters.minute(asOf) }))]
  }, [body, state.range, state.interval, asOf, value, start, formatters])
  return { points, body, isCurrent, problem, retry }
}

/** The chosen metric over time: its definition, a chart, and the same data as a table and as CSV. */
export const History = ({ draw, go, ...shown }: HistoryProps) => {
  const { state, today, formatters } = shown
  const texts = useTexts()
  const { text } = texts
  const { title, description } = texts.metric(state.metric)
  const rule = metrics.find(({ metric }) => metric === state.metric)
  const uncounted = useUncounted(rule, state.locale)
  const isUncounted = uncounted !== undefined
  const { points, body, isCurrent, problem, retry } = usePoints({
    ...shown,
    windowDays: rule?.windowDays ?? 0,
    isUncounted,
  })
  const data = historyAddress(state, state, today)
  const days = daysOf(state.range, today)
  const select = (from: string, last: string): void => {
    const range = { from, last }
    go(addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }))
  }
  return (
    <section class="panel" id="history" aria-labelledby="history-title">
      <PanelHead
        id="history-title"
        title={title}
        note={filteredNote(description, state, formatters)}
        data={data}
        rows={body && pointsOf(body, state, today).length}
      />
      <p class="visually-hidden" role="status">
        {(isCurrent || isUncounted) &&
          text('history.shown', {
            metric: title,
            from: formatters.day(formatDay(days.from)),
            last: formatters.day(formatDay(days.to - 1)),
            interval: text(`history.interval.${state.interval}`),
            zone: state.timeZone,
          })}
      </p>
      <div class="controls">
        <Ranges state={state} />
        <RangeForm
          action="/"
          fields={parametersOf(state)}
          {...days}
          isChosen={typeof state.range !== 'string'}
        />
        <Intervals state={state} />
      </div>
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      {(body ?? !problem) && (
        <div
          class={`chart-frame${isUncounted ? '' : ' needs-script'}`}
          aria-busy={!isCurrent && !isUncounted}
        >
          <Chart
            label={text('history.chart', { metric: title })}
            emptyText={uncounted ?? text('history.empty')}
            points={points}
            formatters={formatters}
            draw={draw}
            onSelect={select}
          />
          {!body && <p class="waiting soft">{uncounted ?? text('loading')}</p>}
          {body && points.length === 0 && <p class="waiting soft">{text('history.empty')}</p>}
        </div>
      )}
      <WithoutScript sentence="history.no-script" data={data} />
      <DateTable
        label={text('history.table', { metric: title })}
        headings={[text('people')]}
        rows={points.map(({ date, value, name, part }) => ({
          key: date,
          date: name,
          note: part,
          values: [formatters.number(value)],
        }))}
      />
    </section>
  )
}
