import { useMemo, useState } from 'preact/hooks'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { useLogStart } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { relativeText } from '../parts/Difference.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { Scrolled } from '../parts/Scrolled.tsx'
import { yearsOf, type CalendarDays } from '../profile/profileQueries.ts'
import { listAddress, profileAddress, type ProfileState } from '../profile/profileState.ts'
import { useSeen } from '../parts/useSeen.ts'
import { useTexts } from '../texts/texts.ts'
import { yearRowsOf, type YearRow } from './yearRows.ts'

interface YearsProps {
  id: number
  state: ProfileState
  /** From the year of the first contribution to the current year. */
  years: { first: number; last: number }
  /** The current date in the reader's time zone. */
  today: string
  formatters: Formatters
}

const refreshSeconds = 60

interface RowProps extends Pick<YearsProps, 'id' | 'state' | 'formatters'> {
  row: YearRow
}

interface MonthsProps extends RowProps {
  /** Called with the text of the month under the pointer or in focus, and with undefined when there is none. */
  onPoint: (text: string | undefined) => void
}

const Months = ({ id, state, formatters, row, onPoint }: MonthsProps) => {
  const { text } = useTexts()
  return row.months.map(({ month, count, level }) => {
    const title = `${formatters.monthOfYear(`${month}-01`)}: ${text('contributions', { count })}`
    return (
      <td
        key={month}
        class="month"
        onPointerEnter={() => onPoint(title)}
        onPointerLeave={() => onPoint(undefined)}
        onFocusIn={() => onPoint(title)}
        onFocusOut={() => onPoint(undefined)}
      >
        {count === 0 ? (
          <span class={`month-cell month-${level}`} title={title}>
            <span class="visually-hidden">0</span>
          </span>
        ) : (
          <a
            class={`month-cell month-${level}`}
            title={title}
            href={listAddress(id, state, { period: month })}
            aria-current={state.period === month ? 'true' : undefined}
          >
            <span class="visually-hidden">{title}</span>
          </a>
        )}
      </td>
    )
  })
}

const Change = ({ row: { change, before }, formatters }: Pick<RowProps, 'row' | 'formatters'>) => {
  const texts = useTexts()
  if (change === undefined) return <span class="none">–</span>
  const relative = change === 0 ? undefined : relativeText(change, before, formatters, texts)
  return (
    <>
      {formatters.change(change)}
      {relative !== undefined && (
        <>
          {' '}
          <span class="soft percent">({relative})</span>
        </>
      )}
    </>
  )
}

/** A table of a user's years: a cell for every month, the total, and the change from the previous year. */
export const Years = ({ id, state, years, today, formatters }: YearsProps) => {
  const { text } = useTexts()
  const [seen, ref] = useSeen()
  const [pointed, setPointed] = useState<string>()
  const query = seen ? yearsOf(id, state.timeZone, years) : notLoaded
  const { body, problem, retry } = useQuery<CalendarDays>(query, undefined, refreshSeconds)
  const start = useLogStart()
  const rows = useMemo(
    () => body && yearRowsOf(body.days, years, today, start?.whole),
    [body, years.first, years.last, today, start],
  )
  // Whether the log begins during the first year, with which the year after would be compared.
  const isCut = start !== undefined && start.whole > `${years.first}-01-01` && years.last > years.first
  const months = rows?.[0]?.months.map(({ month }) => `${month}-01`) ?? []
  return (
    <section class="panel" id="years" aria-labelledby="years-title" ref={ref}>
      <PanelHead
        id="years-title"
        title={text('years.title')}
        note={
          <>
            {text('years.note', { day: formatters.shortDay(today), year: String(years.last) })}
            {start && isCut && <> {text('years.cut', { day: formatters.day(start.first) })}</>}
          </>
        }
      />
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      <noscript>
        <p class="soft">{text('years.script')}</p>
      </noscript>
      {!rows && !problem && <p class="waiting soft">{seen && text('loading')}</p>}
      {rows && (
        <div>
          <Scrolled label={text('years.label')}>
            <table class="year-table">
              <thead>
                <tr>
                  <th scope="col">{text('years.year')}</th>
                  {months.map((month) => (
                    <th key={month} scope="col" class="month">
                      <abbr title={formatters.month(month)}>{formatters.monthLetter(month)}</abbr>
                    </th>
                  ))}
                  <th scope="col" class="numeric">
                    {text('years.total')}
                  </th>
                  <th scope="col" class="numeric active-days">
                    {text('calendar.active-days')}
                  </th>
                  <th scope="col" class="numeric">
                    {text('years.change')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.year}>
                    <th scope="row">
                      <a href={`${profileAddress(id, { ...state, year: row.year })}#calendar`}>{row.year}</a>
                    </th>
                    <Months id={id} state={state} formatters={formatters} row={row} onPoint={setPointed} />
                    <td class="numeric">
                      {row.total === 0 ? (
                        <span class="none">0</span>
                      ) : (
                        <a href={listAddress(id, state, { period: String(row.year) })}>
                          {formatters.number(row.total)}
                        </a>
                      )}
                    </td>
                    <td class="numeric active-days">{formatters.number(row.activeDays)}</td>
                    <td class="numeric">
                      <Change row={row} formatters={formatters} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolled>
          <p class="year-readout soft" aria-hidden="true">
            {pointed ?? text('years.months')}
          </p>
        </div>
      )}
    </section>
  )
}
