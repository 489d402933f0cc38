import { useMemo } from 'preact/hooks'
import type { CalendarAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { Known } from '../api/useAnswer.ts'
import { Hidden } from '../parts/Hidden.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { calendarAddress } from '../profile/load.ts'
import { profileAddress, profileParameters, type ProfileState } from '../profile/state.ts'
import type { Formatters } from '../formatters.ts'
import { HeatMap } from './HeatMap.tsx'
import { cellsOf } from './weeks.ts'

interface CalendarProps {
  id: number
  state: ProfileState
  known: Known<CalendarAnswer>
  /** The years from the first contribution to this one. */
  years: { first: number; last: number }
  formatters: Formatters
}

/** The year before the one that is shown and the one after; undefined where there is none. */
const YearPages = ({ id, state, years }: Pick<CalendarProps, 'id' | 'state' | 'years'>) => {
  const { year } = state
  const to = (wanted: number | undefined): string =>
    `${profileAddress(id, { ...state, year: wanted })}#calendar`
  const previous = year === undefined ? years.last : year - 1
  return (
    <span class="pages-links">
      {previous >= years.first && <a href={to(previous)}>← {previous}</a>}
      {year !== undefined && year < years.last && <a href={to(year + 1)}>{year + 1} →</a>}
      {year !== undefined && <a href={to(undefined)}>Last 365 days</a>}
    </span>
  )
}

const Streaks = ({
  body,
  isNow,
  formatters,
}: {
  body: CalendarAnswer
  isNow: boolean
  formatters: Formatters
}) => {
  const days = (count: number): string => `${formatters.number(count)} ${count === 1 ? 'day' : 'days'}`
  return (
    <dl class="figures">
      <div>
        <dt>Contributions</dt>
        <dd>{formatters.number(body.total)}</dd>
      </div>
      <div>
        <dt>Days with some</dt>
        <dd>{days(body.days.length)}</dd>
      </div>
      <div>
        <dt>Longest streak</dt>
        <dd>{days(body.longest_streak)}</dd>
      </div>
      {isNow && (
        <div>
          <dt>Current streak</dt>
          <dd>{days(body.current_streak)}</dd>
        </div>
      )}
    </dl>
  )
}

const DaysTable = ({ body, formatters }: { body: CalendarAnswer; formatters: Formatters }) => (
  <details>
    <summary>The same as a table</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label="Days with contributions">
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col" class="numeric">
              Contributions
            </th>
          </tr>
        </thead>
        <tbody>
          {body.days.toReversed().map(({ date, count }) => (
            <tr key={date}>
              <td>{formatters.weekday(date)}</td>
              <td class="numeric">{formatters.number(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)

const Zone = ({ id, state }: { id: number; state: ProfileState }) => (
  <form class="dates" action={`/users/${id}#calendar`} method="get">
    <Hidden fields={profileParameters(state)} except={['time_zone']} />
    <label for="time-zone">Time zone</label>
    <TimeZone id="time-zone" value={state.timeZone} />
    <noscript>
      <button type="submit">Show</button>
    </noscript>
  </form>
)

/** A year of a user's days, with streaks. */
export const Calendar = ({
  id,
  state,
  known: { body, isCurrent, refused },
  years,
  formatters,
}: CalendarProps) => {
  const { path, query } = calendarAddress(id, state)
  const cells = useMemo(() => (body ? cellsOf(body.from, body.to, body.days) : []), [body])
  const isNow = state.year === undefined || state.year === years.last
  return (
    <section class="panel" id="calendar" aria-labelledby="calendar-title">
      <div class="panel-head">
        <div>
          <h2 id="calendar-title">Calendar</h2>
          <p class="soft" role="status">
            {state.year === undefined ? 'The last 365 days' : `The year ${state.year}`}
          </p>
        </div>
        <a class="download" href={`${path}.csv${query}`} download>
          CSV
        </a>
      </div>
      <div class="controls">
        <YearPages id={id} state={state} years={years} />
        <Zone id={id} state={state} />
      </div>
      {refused && <ErrorNotice refused={refused} />}
      {!body && !refused && <p class="waiting soft">Reading the log…</p>}
      {body && (
        <div class="calendar-body" aria-busy={!isCurrent}>
          <HeatMap label="Contributions by day" cells={cells} formatters={formatters} />
          <Streaks body={body} isNow={isNow} formatters={formatters} />
          <DaysTable body={body} formatters={formatters} />
        </div>
      )}
    </section>
  )
}
