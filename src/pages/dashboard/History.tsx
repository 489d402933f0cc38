import { useMemo } from 'preact/hooks'
import { formatDay, intervals } from '../../contributions/calendar.ts'
import { metrics } from '../../definitions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useQuery } from '../api/useQuery.ts'
import { Choices } from '../parts/Choices.tsx'
import { DateTable } from '../parts/DateTable.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import type { Formatters } from '../formatters.ts'
import { Chart, type Draw } from './Chart.tsx'
import { historyAddress, historyOf } from './dashboardQueries.ts'
import { addressOf, parametersOf, type DashboardState } from './dashboardState.ts'
import { daysOf, fits, fittingInterval, type NamedRange } from './range.ts'
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
    label="Chart range"
    choices={(['90d', '1y', '3y'] as const).map((range) => ({
      name: rangeNames[range],
      href: addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }),
      isChosen: state.range === range,
    }))}
  />
)

/** Selects a range by its first and its last day. */
const CustomRange = ({ state, today }: { state: DashboardState; today: string }) => {
  const { from, to } = daysOf(state.range, today)
  const isChosen = typeof state.range !== 'string'
  return (
    <form class={`dates${isChosen ? ' is-chosen' : ''}`} action="/" method="get" key={`${from} ${to}`}>
      <HiddenFields fields={parametersOf(state)} except={['range', 'from', 'last']} />
      <label for="from">From</label>
      <input id="from" type="date" name="from" defaultValue={formatDay(from)} required />
      <label for="last">to</label>
      <input id="last" type="date" name="last" defaultValue={formatDay(to - 1)} required />
      <button type="submit">Show</button>
    </form>
  )
}

const Intervals = ({ state }: { state: DashboardState }) => (
  <Choices
    label="Chart interval"
    choices={intervals.map((interval) => ({
      name: intervalNames[interval],
      href: addressOf({ ...state, interval }),
      isChosen: state.interval === interval,
      unavailable: fits(state.range, interval) ? undefined : 'more than 1,000 points',
    }))}
  />
)

/** The chosen metric over time: its definition, a chart, and the same data as a table and as CSV. */
export const History = ({ state, today, formatters, draw, go }: HistoryProps) => {
  const metric = metrics.find((candidate) => candidate.metric === state.metric)
  const query = historyOf(state, state, today)
  const { body, isCurrent, problem } = useQuery(query, undefined, historyRefreshSeconds)
  const points = useMemo(() => body?.points ?? [], [body])
  const data = historyAddress(state, state, today)
  const select = (from: string, last: string): void => {
    const range = { from, last }
    go(addressOf({ ...state, range, interval: fittingInterval(range, state.interval) }))
  }
  return (
    <section class="panel" aria-labelledby="history">
      <PanelHead id="history" title={metric?.title} note={metric?.description} data={data} />
      <div class="controls">
        <Ranges state={state} />
        <CustomRange state={state} today={today} />
        <Intervals state={state} />
      </div>
      {problem && <ErrorNotice problem={problem} />}
      <div class="chart-frame" aria-busy={!isCurrent}>
        <Chart
          label={`${metric?.title ?? ''} over time`}
          points={points}
          formatters={formatters}
          draw={draw}
          onSelect={select}
        />
        {!body && !problem && <p class="waiting soft">Loading…</p>}
        {body && points.length === 0 && <p class="waiting soft">No data in this range</p>}
      </div>
      <noscript>
        <p class="soft">
          Enable JavaScript for the chart, or <a href={`${data.path}.csv${data.query}`}>download the CSV</a>.
        </p>
      </noscript>
      <DateTable
        label={`${metric?.title ?? ''} by date`}
        headings={['Contributors']}
        rows={points.map(({ date, value }) => ({
          key: date,
          date: formatters.day(date),
          values: [formatters.number(value)],
        }))}
      />
    </section>
  )
}
