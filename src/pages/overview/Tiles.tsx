import { metrics, type Metric } from '../../contributions/definitions.ts'
import type { HistoryAnswer, MetricsAnswer } from '../api/answers.ts'
import { useAnswer, type Known } from '../api/useAnswer.ts'
import type { Formatters } from '../formatters.ts'
import { historyOf } from './load.ts'
import { dayFrom } from './range.ts'
import { Sparkline } from './Sparkline.tsx'
import { addressOf, type DashboardState } from './state.ts'

/** What the change of a metric is measured against. */
const comparedDays = 30

/** A history moves once a day, or when something late comes in. */
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

/** How much the value differs from the one of 30 days before, in words. */
const Change = ({ value, history, today, formatters }: ChangeProps) => {
  const date = dayFrom(today, -comparedDays)
  const before = history?.points.find((point) => point.date === date)?.value
  if (value === undefined || before === undefined) return <span class="soft">&nbsp;</span>
  const difference = value - before
  const direction = Math.sign(difference) + 1
  const word = ['fewer than', 'as many as', 'more than'][direction]
  const sign = ['▾', '', '▴'][direction]
  return (
    <span class="change">
      {difference !== 0 && (
        <strong>
          <span aria-hidden="true">{sign} </span>
          {formatters.number(Math.abs(difference))}{' '}
        </strong>
      )}
      {word} on {formatters.dayOfYear(date)} ({formatters.number(before)})
    </span>
  )
}

const Tile = ({ metric: { metric, title }, value, state, today, formatters }: TileProps) => {
  const year = { metric, range: '1y', interval: 'day' } as const
  const history = useAnswer(historyOf(state, year, today), undefined, historyRefreshSeconds)
  const isChosen = metric === state.metric
  return (
    <li class="tile">
      <a
        class="tile-link"
        href={addressOf({ ...state, metric })}
        aria-current={isChosen ? 'true' : undefined}
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
  now: Known<MetricsAnswer>
  state: DashboardState
  today: string
  formatters: Formatters
}

/** Every metric with its value now, what changed in 30 days, and a year at a glance; each leads to its chart. */
export const Tiles = ({ now, state, today, formatters }: TilesProps) => (
  <ul class="tiles" aria-label="Metrics now" aria-busy={!now.isCurrent}>
    {metrics.map((metric) => (
      <Tile
        key={metric.metric}
        metric={metric}
        value={now.body?.metrics.find((item) => item.metric === metric.metric)?.value}
        state={state}
        today={today}
        formatters={formatters}
      />
    ))}
  </ul>
)
