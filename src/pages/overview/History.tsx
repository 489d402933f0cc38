import { useMemo } from 'preact/hooks'
import { metrics } from '../../contributions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useAnswer } from '../api/useAnswer.ts'
import { Choices } from '../parts/Choices.tsx'
import type { Formatters } from '../formatters.ts'
import { Chart, type Draw, type Point } from './Chart.tsx'
import { CustomRange } from './CustomRange.tsx'
import { historyAddress, historyOf } from './load.ts'
import { fits, fittingInterval, intervals, type NamedRange } from './range.ts'
import { addressOf, type DashboardState } from './state.ts'
import { historyRefreshSeconds } from './Tiles.tsx'

interface HistoryProps {
  state: DashboardState
  today: string
  formatters: Formatters
  draw: Draw | undefined
  go: (address: string) => void
}

const rangeNames: Record<NamedRange, string> = { '90d': '90 days', '1y': '1 year', '3y': '3 years' }
const intervalNames = { day: 'Daily', week: 'Weekly', month: 'Monthly' } as const

const Ranges = ({ state }: { state: DashboardState }) => (
  <Choices
    label="Range of the chart"
    choices={(['90d', '1y', '3y'] as const).map((range) => ({
      name: rangeNames[range],
      href: addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }),
      isChosen: state.range === range,
    }))}
  />
)

const Intervals = ({ state }: { state: DashboardState }) => (
  <Choices
    label="Points of the chart"
    choices={intervals.map((interval) => ({
      name: intervalNames[interval],
      href: addressOf({ ...state, interval }),
      isChosen: state.interval === interval,
      unfit: fits(state.range, interval) ? undefined : 'more than 1,000 points',
    }))}
  />
)

const PointsTable = ({ points, formatters }: { points: readonly Point[]; formatters: Formatters }) => (
  <details class="points">
    <summary>The same as a table</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label="Points of the chart">
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col" class="numeric">
              Contributors
            </th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ date, value }) => (
            <tr key={date}>
              <td>{formatters.day(date)}</td>
              <td class="numeric">{formatters.number(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)

/** The chosen metric over time: what it counts, its chart, and the same as a table and as CSV. */
export const History = ({ state, today, formatters, draw, go }: HistoryProps) => {
  const metric = metrics.find((candidate) => candidate.metric === state.metric)
  const { body, isCurrent, refused } = useAnswer(
    historyOf(state, state, today),
    undefined,
    historyRefreshSeconds,
  )
  const points = useMemo(() => body?.points ?? [], [body])
  const { path, query } = historyAddress(state, state, today)
  const select = (from: string, last: string): void => {
    const range = { from, last }
    go(addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }))
  }
  return (
    <section class="panel" aria-labelledby="history">
      <div class="panel-head">
        <div>
          <h2 id="history">{metric?.title}</h2>
          <p class="soft">{metric?.description}</p>
        </div>
        <a class="download" href={`${path}.csv${query}`} download>
          CSV
        </a>
      </div>
      <div class="controls">
        <Ranges state={state} />
        <CustomRange state={state} today={today} />
        <Intervals state={state} />
      </div>
      {refused && <ErrorNotice refused={refused} />}
      <div class="chart-frame" aria-busy={!isCurrent}>
        <Chart
          label={`${metric?.title ?? ''} over time`}
          points={points}
          formatters={formatters}
          draw={draw}
          onSelect={select}
        />
        {!body && !refused && <p class="waiting soft">Reading the log…</p>}
        {body && points.length === 0 && <p class="waiting soft">No points in this range</p>}
      </div>
      <noscript>
        <p class="soft">
          The chart needs script. <a href={`${path}.csv${query}`}>Its points as CSV</a> do not.
        </p>
      </noscript>
      <PointsTable points={points} formatters={formatters} />
    </section>
  )
}
