import { useMemo } from 'preact/hooks'
import { formatDay, type DayNumber, type Interval } from '../../contributions/calendar.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useLogStart, type LogStart } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { DateTable } from '../parts/DateTable.tsx'
import { Difference } from '../parts/Difference.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { WithoutScript } from '../parts/WithoutScript.tsx'
import { filteredNote } from '../parts/titles.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import { Chart, type Draw, type Point } from './Chart.tsx'
import type { DashboardState } from './dashboardState.ts'
import { daysOf } from './range.ts'
import { historyRefreshSeconds } from './Tiles.tsx'
import { volumeAddress, volumeOf, type Volume } from './volumeOf.ts'

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
  compared: Volume['compared']
  /** The range, `[from, to)`. */
  from: DayNumber
  to: DayNumber
  start: LogStart
  formatters: Formatters
}

/** How the days that are over compare with as many days before the range, unless the log begins later than those. */
const Compared = ({ compared: { days, now, before }, from, to, start, formatters }: ComparedProps) => {
  const { text } = useTexts()
  if (days === 0) return null
  if (formatDay(from - days) < start.whole)
    return <> · {text('volume.too-early', { day: formatters.day(start.first) })}</>
  return (
    <>
      {' · '}
      <Difference now={now} before={before} formatters={formatters} />{' '}
      {text('volume.before', { count: days, before })}
      {days < to - from && `, ${text('volume.without-today')}`}
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
  const nameOf = (date: string, interval: Interval): string => {
    if (interval === 'month') return formatters.monthOfYear(date)
    const day = formatters.weekday(date)
    return interval === 'week' ? text('volume.week', { day }) : day
  }
  const data = volumeAddress(state, today)
  const { from, to } = daysOf(state.range, today)
  const points = useMemo(
    (): readonly Point[] =>
      body?.points.map((point) => ({
        date: point.date,
        value: point.contributions,
        name: nameOf(point.date, state.interval),
        part: cutOf(point, { from: formatDay(from), start, texts, formatters }),
      })) ?? [],
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
              {filteredNote(text('contributions', { count: body.total }), state, formatters)}
              {start && (
                <Compared
                  compared={body.compared}
                  from={from}
                  to={to}
                  start={start}
                  formatters={formatters}
                />
              )}
            </>
          )
        }
        data={data}
        rows={body?.points.length}
      />
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      {(body ?? !problem) && (
        <div class="chart-frame needs-script" aria-busy={!isCurrent}>
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
      <WithoutScript sentence="history.no-script" data={data} />
      <DateTable
        label={text('volume.table')}
        headings={[text('volume.title')]}
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
