import { useMemo } from 'preact/hooks'
import { parseDay } from '../../contributions/calendar.ts'
import type { CalendarAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { DateTable } from '../parts/DateTable.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { windowTitle } from '../parts/titles.ts'
import { TimeZone } from '../parts/TimeZone.tsx'
import { calendarAddress, selectedYear } from '../profile/profileQueries.ts'
import {
  changedParametersOf,
  listAddress,
  profileAddress,
  type ProfileState,
} from '../profile/profileState.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import { HeatMap } from './HeatMap.tsx'
import { cellsOf } from './heatMapCells.ts'

interface CalendarProps {
  id: number
  state: ProfileState
  days: QueryState<CalendarAnswer>
  /** From the year of the first contribution to the current year. */
  years: { first: number; last: number }
  go: (address: string) => void
  formatters: Formatters
}

/** Links to the last 365 days and to every year, newest first. */
const YearList = ({ id, state, years }: Pick<CalendarProps, 'id' | 'state' | 'years'>) => {
  const { text } = useTexts()
  const all = Array.from({ length: years.last + 1 - years.first }, (_, index) => years.last - index)
  return (
    <nav class="years" aria-label={text('calendar.years')}>
      <ul>
        {[undefined, ...all].map((year) => (
          <li key={year}>
            <a
              href={`${profileAddress(id, { ...state, year })}#calendar`}
              aria-current={year === state.year ? 'true' : undefined}
            >
              {year ?? text('calendar.last-days')}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface FiguresProps {
  body: CalendarAnswer
  /** Whether the days end today. Otherwise no streak is the current one. */
  endsToday: boolean
  formatters: Formatters
}

const Figures = ({ body, endsToday, formatters }: FiguresProps) => {
  const { text } = useTexts()
  const allDays = (parseDay(body.to) ?? 0) - (parseDay(body.from) ?? 0)
  const lengthOf = (streak: number): string => {
    const days = text('days', { count: streak })
    // It may have begun before the first day that is shown.
    return streak === allDays ? text('calendar.or-more', { days }) : days
  }
  const figures = {
    [text('calendar.active-days')]: formatters.number(body.days.length),
    [text('calendar.longest')]: lengthOf(body.longest_streak),
    ...(endsToday && { [text('calendar.current')]: lengthOf(body.current_streak) }),
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

const Zone = ({ id, state }: { id: number; state: ProfileState }) => {
  const { text } = useTexts()
  return (
    <form class="dates" action={`/users/${id}#calendar`} method="get">
      <HiddenFields fields={changedParametersOf(state)} except={['time_zone', 'cursor']} />
      <label for="time-zone">{text('zone.label')}</label>
      <TimeZone id="time-zone" value={state.timeZone} />
      <noscript>
        <button type="submit">{text('show')}</button>
      </noscript>
    </form>
  )
}

/** How many contributions the calendar shows, and of when; undefined while these are not known. */
const headingOf = (
  { year }: ProfileState,
  body: CalendarAnswer | undefined,
  { text }: Texts,
  formatters: Formatters,
): string | undefined => {
  if (!body) return undefined
  const contributions = text('contributions', { count: body.total })
  return year === undefined
    ? text('calendar.since', { contributions, day: formatters.day(body.from) })
    : text('calendar.in', { contributions, year: String(year) })
}

/** A user's contributions by day over a year, with streaks. Choosing a day lists its contributions. */
export const Calendar = ({ id, state, days, years, go, formatters }: CalendarProps) => {
  const texts = useTexts()
  const { text } = texts
  const { body, problem, retry } = days
  const cells = useMemo(() => (body ? cellsOf(body.from, body.to, body.days) : []), [body])
  const addressOfDay = (period: string): string => listAddress(id, state, { period })
  return (
    <section class="panel" id="calendar" aria-labelledby="calendar-title">
      <PanelHead
        id="calendar-title"
        title={headingOf(state, body, texts, formatters) ?? text('calendar.title')}
        note={
          state.year === undefined
            ? text('calendar.note', { window: windowTitle('365d', texts) })
            : text('calendar.in-zone', { zone: state.timeZone })
        }
        isAnnounced
        data={calendarAddress(id, state, selectedYear(state))}
        rows={body?.days.length}
      />
      <Zone id={id} state={state} />
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      <div class="calendar-body">
        <YearList id={id} state={state} years={years} />
        {!body && !problem && <p class="waiting soft calendar-waiting">{text('loading')}</p>}
        {body && (
          <div class="calendar-days">
            <HeatMap
              label={text('calendar.label')}
              cells={cells}
              listed={state.period}
              onOpen={(date) => go(addressOfDay(date))}
              formatters={formatters}
            />
            <Figures body={body} endsToday={state.year === undefined} formatters={formatters} />
            <DateTable
              label={text('calendar.by-day')}
              headings={[text('calendar.contributions')]}
              rows={body.days.map(({ date, count }) => ({
                key: date,
                date: <a href={addressOfDay(date)}>{formatters.weekday(date)}</a>,
                values: [formatters.number(count)],
              }))}
            />
          </div>
        )}
      </div>
    </section>
  )
}
