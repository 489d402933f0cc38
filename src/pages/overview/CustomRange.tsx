import { formatDay } from '../../contributions/calendar.ts'
import { Hidden } from '../parts/Hidden.tsx'
import { daysOf } from './range.ts'
import { parametersOf, type DashboardState } from './state.ts'

/** Two days that a chart begins and ends with; the last is shown too. */
export const CustomRange = ({ state, today }: { state: DashboardState; today: string }) => {
  const { from, to } = daysOf(state.range, today)
  const isChosen = typeof state.range !== 'string'
  return (
    <form class={`dates${isChosen ? ' is-chosen' : ''}`} action="/" method="get" key={`${from} ${to}`}>
      <Hidden fields={parametersOf(state)} except={['range', 'from', 'last']} />
      <label for="from">From</label>
      <input id="from" type="date" name="from" defaultValue={formatDay(from)} required />
      <label for="last">to</label>
      <input id="last" type="date" name="last" defaultValue={formatDay(to - 1)} required />
      <button type="submit">Show</button>
    </form>
  )
}
