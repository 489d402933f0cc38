import { metrics, type Metric } from '../../definitions/definitions.ts'
import type { HistoryAnswer } from '../api/answers.ts'
import { useQuery, type QueryState } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { historyOf, type LiveMetrics } from './dashboardQueries.ts'
import { addressOf, type DashboardState } from './dashboardState.ts'
import { dayFrom } from './range.ts'

/** A tile compares its value with the one this many days ago. */
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

interface ChangeProps {
  value: number | undefined
  history: HistoryAnswer | undefined
  today: string
  formatters: Formatters
}

/** The change since 30 days ago, in words. */
const Change = ({ value, history, today, formatters }: ChangeProps) => {
  const date = dayFrom(today, -comparedDays)
  const before = history?.points.find((point) => point.date === date)?.value
  if (value === undefined || before === undefined) return <span class="soft">&nbsp;</span>
  const difference = value - before
  const day = formatters.shortDay(date)
  if (difference === 0) return <span class="change">No change since {day}</span>
  return (
    <span class="change">
      <strong>
        <span aria-hidden="true">{difference > 0 ? '▴' : '▾'} </span>
        {formatters.number(Math.abs(difference))} {difference > 0 ? 'more' : 'fewer'}
      </strong>{' '}
      than on {day} ({formatters.number(before)})
    </span>
  )
}

const sparkline = { width: 120, height: 32, margin: 2 }

/** A line without axes: the shape of a year at a glance. */
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

const Tile = ({ metric: { metric, title }, value, state, today, formatters }: TileProps) => {
  const year = { metric, range: '1y', interval: 'day' } as const
  const history = useQuery(historyOf(state, year, today), undefined, historyRefreshSeconds)
  return (
    <li class="tile">
      <a
        class="tile-link"
        href={addressOf({ ...state, metric })}
        aria-current={metric === state.metric ? 'true' : undefined}
      >
        <span class="tile-title">{title}</span>
        <span class="tile-value">{value === undefined ? '–' : formatters.number(value)}</span>
        <Change
          value={value}
          history={history.isCurrent ? history.body : undefined}
          today={today}
          formatters={formatters}
        />
        <Sparkline values={history.body?.points.map((point) => point.value) ?? []} />
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

/** A tile for each metric: its value now, the change in 30 days, and a year at a glance. Each links to its chart. */
export const Tiles = ({ live, state, today, formatters }: TilesProps) => (
  <ul class="tiles" aria-label="Metrics" aria-busy={!live.isCurrent}>
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
)
