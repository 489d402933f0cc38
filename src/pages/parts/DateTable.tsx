import type { ComponentChildren } from 'preact'
import { Scrolled } from './Scrolled.tsx'
import { useTexts } from '../texts/texts.ts'

interface DateTableProps {
  /** What the table shows, for screen readers. */
  label: string
  /** The heading of each column of values. */
  headings: readonly string[]
  /** Oldest first; the table shows the newest first. A note says why a date has only a part of its interval. */
  rows: readonly {
    key: string
    date: ComponentChildren
    note?: string | undefined
    values: readonly string[]
  }[]
}

/** How many rows a table shows without scrolling. */
const rowsInFull = 20

/** The data of a chart as a table, in a disclosure element; nothing while there are no rows. */
export const DateTable = ({ label, headings, rows }: DateTableProps) => {
  const { text } = useTexts()
  if (rows.length === 0) return null
  return (
    <details>
      <summary>{text('table.open')}</summary>
      <Scrolled label={label} isTall={rows.length > rowsInFull}>
        <table class="date-table">
          <thead>
            <tr>
              <th scope="col">{text('table.date')}</th>
              {headings.map((heading) => (
                <th key={heading} scope="col" class="numeric">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map(({ key, date, note, values }) => (
              <tr key={key}>
                <th scope="row">
                  <span class="date">
                    {date}
                    {note !== undefined && ','}
                  </span>
                  {note !== undefined && (
                    <>
                      {' '}
                      <span class="note">{note}</span>
                    </>
                  )}
                </th>
                {values.map((value, index) => (
                  <td key={headings[index]} class="numeric">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </details>
  )
}
