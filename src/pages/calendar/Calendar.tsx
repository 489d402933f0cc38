import { useMemo } from 'preact/hooks'
import type { CalendarAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { DateTable } from '../parts/DateTable.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { calendarAddress } from '../profile/profileQueries.ts'
import { changedParametersOf, profileAddress, type ProfileState } from '../profile/profileState.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { HeatMap } from './HeatMap.tsx'
import { cellsOf } from './heatMapCells.ts'

interface CalendarProps {
  id: number
  state: ProfileState
  days: QueryState<CalendarAnswer>
  /** The years from the first contribution to this one. */
  years: { first: number; last: number }
  formatters: Formatters
}

/** Links to the previous and the next year, and to the last 365 days. */
const YearPages = ({ id, state, years }: Pick<CalendarProps, 'id' | 'state' | 'years'>) => {
  const { year } = state
  const to = (target: number | undefined): string =>
    `${profileAddress(id, { ...state, year: target })}#calendar`
  const previous = year === undefined ? years.last : year - 1
  return (
    <span class="pages-links">
      {previous >= years.first && <a href={to(previous)}>← {previous}</a>}
      {year !== undefined && year < years.last && <a href={to(year + 1)}>{year + 1} →</a>}
      {year !== undefined && <a href={to(undefined)}>Last 365 days</a>}
    </span>
  )
}

interface FiguresProps {
  body: CalendarAnswer
  isNow: boolean
  formatters: Formatters
}

const Figures = ({ body, isNow, formatters }: FiguresProps) => {
  const { text } = useTexts()
  const figures = {
    Contributions: formatters.number(body.total),
    'Active days': formatters.number(body.days.length),
    'Longest streak': text('days', { count: body.longest_streak }),
    ...(isNow && { 'Current streak': text('days', { count: body.current_streak }) }),
  }
  return (
    <dl class="figures">
      {Object.entries(figures).map(([name, figure]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  )
}

const Zone = ({ id, state }: { id: number; state: ProfileState }) => (
  <form class="dates" action={`/users/${id}#calendar`} method="get">
    <HiddenFields fields={changedParametersOf(state)} except={['time_zone']} />
    <label for="time-zone">Time zone</label>
    <TimeZone id="time-zone" value={state.timeZone} />
    <noscript>
      <button type="submit">Show</button>
    </noscript>
  </form>
)

/** A user's contributions by day over a year, with streaks. */
export const Calendar = ({ id, state, days, years, formatters }: CalendarProps) => {
  const { body, isCurrent, problem } = days
  const cells = useMemo(() => (body ? cellsOf(body.from, body.to, body.days) : []), [body])
  const isNow = state.year === undefined || state.year === years.last
  return (
    <section class="panel" id="calendar" aria-labelledby="calendar-title">
      <PanelHead
        id="calendar-title"
        title="Calendar"
        note={state.year ?? 'Last 365 days'}
        isAnnounced
        data={calendarAddress(id, state)}
      />
      <div class="controls">
        <YearPages id={id} state={state} years={years} />
        <Zone id={id} state={state} />
      </div>
      {problem && <ErrorNotice problem={problem} />}
      {!body && !problem && <p class="waiting soft">Loading…</p>}
      {body && (
        <div class="calendar-body" aria-busy={!isCurrent}>
          <HeatMap label="Contributions by day" cells={cells} formatters={formatters} />
          <Figures body={body} isNow={isNow} formatters={formatters} />
          <DateTable
            label="Contributions by day"
            headings={['Contributions']}
            rows={body.days.map(({ date, count }) => ({
              key: date,
              date: formatters.weekday(date),
              values: [formatters.number(count)],
            }))}
          />
        </div>
      )}
    </section>
  )
}
