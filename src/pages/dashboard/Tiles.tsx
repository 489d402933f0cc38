import { metrics, type Metric } from '../../definitions/definitions.ts'
import type { HistoryAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { coversWindow, useLogStart } from '../api/logStart.ts'
import { useQuery, type QueryState } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { Difference } from '../parts/Difference.tsx'
import { useUncounted } from '../parts/uncounted.ts'
import { useTexts } from '../texts/texts.ts'
import { yearOf, type LiveMetrics } from './dashboardQueries.ts'
import { addressOf, type DashboardState } from './dashboardState.ts'
import { dayFrom } from './range.ts'

/** A tile compares its value with the value this many days ago. */
const comparedDays = 30

/** A history changes once a day, and when a late contribution arrives. */
export const historyRefreshSeconds = 300

interface TileProps {
  metric: Metric
  value: number | undefined
  state: DashboardState
  today: string
  formatters: Formatters
}

interface ChangeProps extends Omit<TileProps, 'state'> {
  history: HistoryAnswer | undefined
}

/** The change over the last 30 days, in words, unless the log begins too late for the earlier number. */
const Change = ({ metric, value, history, today, formatters }: ChangeProps) => {
  const { text } = useTexts()
  const start = useLogStart()
  const date = dayFrom(today, -comparedDays)
  const before = history?.points.find((point) => point.date === date)?.value
  if (value === undefined || before === undefined || !start) return <span class="soft">&nbsp;</span>
  if (!coversWindow(start, date, metric.windowDays))
    return <span class="change">{text('log.begins', { day: formatters.day(start.first) })}</span>
  const day = formatters.shortDay(date)
  return (
    <span class="change">
      <Difference now={value} before={before} formatters={formatters} />{' '}
      {text('change.since', { day, before })}
    </span>
  )
}

const sparkline = { width: 120, height: 32, margin: 2 }

/** A line without axes that shows a year at a glance, up to now. */
const Sparkline = ({ values }: { values: readonly number[] }) => {
  const { width, height, margin } = sparkline
  const top = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, index) => {
    const y = height - margin - (value / top) * (height - 2 * margin)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && <polyline points={points.join(' ')} />}
    </svg>
  )
}

const Tile = ({ metric: rule, value: counted, state, today, formatters }: TileProps) => {
  const texts = useTexts()
  const { metric } = rule
  const uncounted = useUncounted(rule, state.locale)
  const query = uncounted === undefined ? yearOf(metric, state, today) : notLoaded
  const { body, isCurrent, problem } = useQuery<HistoryAnswer>(query, undefined, historyRefreshSeconds)
  const value = uncounted === undefined ? counted : undefined
  const missing = uncounted ?? (problem && !body ? texts.text('notice.not-loaded') : undefined)
  const start = useLogStart()
  const values =
    body?.points
      .filter(({ date }) => !start || coversWindow(start, date, rule.windowDays))
      .map((point) => point.value) ?? []
  return (
    <li class="tile">
      <a
        class="tile-link"
        href={`${addressOf({ ...state, metric })}#history`}
        aria-current={metric === state.metric ? 'true' : undefined}
        aria-busy={!isCurrent && !problem && uncounted === undefined}
      >
        <span class="tile-title">{texts.metric(metric).title}</span>
        <span class="tile-value">{value === undefined ? '–' : formatters.number(value)}</span>
        <span class="tile-rule">{texts.metric(metric).description}</span>
        {missing === undefined ? (
          <Change metric={rule} value={value} history={body} today={today} formatters={formatters} />
        ) : (
          <span class="change">{missing}</span>
        )}
        <Sparkline values={value === undefined || !body ? values : [...values, value]} />
      </a>
    </li>
  )
}

interface TilesProps {
  live: QueryState<LiveMetrics>
  state: DashboardState
  today: string
  formatters: Formatters
}

/** A tile for each metric: its current value, whom it counts, the change in 30 days, and a year at a glance. Each links to its chart. */
export const Tiles = ({ live, state, today, formatters }: TilesProps) => {
  const { text } = useTexts()
  return (
    <section class="tiles-frame" aria-label={text('tiles.label')}>
      {live.problem && (
        <ErrorNotice
          problem={live.problem}
          retry={live.retry}
          shown={live.body && formatters.instant(live.body.as_of)}
        />
      )}
      <ul class="tiles" aria-busy={!live.isCurrent && !live.problem}>
        {metrics.map((metric) => (
          <Tile
            key={metric.metric}
            metric={metric}
            value={live.body?.metrics.find((item) => item.metric === metric.metric)?.value}
            state={state}
            today={today}
            formatters={formatters}
          />
        ))}
      </ul>
    </section>
  )
}
