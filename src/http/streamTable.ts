import { stringify } from 'csv-stringify/sync'
import { LogUnavailable } from '../failure.ts'
import { reportUnexpected } from './problem.ts'

/** A list as a table. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly (string | number | boolean | null)[])[]
}

/** The rest of a list, which is sent as it is read. */
export interface RestOfTable {
  pages: AsyncGenerator<Table['rows']>
  /** The parameters that continue the list if it is truncated; null if it is complete. */
  next: { cursor: string; limit: number } | null
}

const linesOf = (rows: Table['rows'] | readonly [Table['columns'], ...Table['rows']]): string =>
  stringify([...rows], {
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  })

/** CSV (RFC 4180) with a header row. Cells that a spreadsheet would run as a formula (`= + - @`) are escaped. */
export const toCsv = ({ columns, rows }: Table): string => linesOf([columns, ...rows])

/**
 * Streams a table as CSV, reading pages as the client consumes them. If a page cannot be read, the stream errors and
 * the response is cut off, so a partial list never looks complete.
 */
export const streamTable = (first: Table, pages: RestOfTable['pages']): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let isBegun = false
  const readNext = async (): Promise<string | undefined> => {
    if (!isBegun) {
      isBegun = true
      return toCsv(first)
    }
    const { done, value } = await pages.next()
    return done ? undefined : linesOf(value)
  }
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const text = await readNext()
          if (text === undefined) controller.close()
          else controller.enqueue(encoder.encode(text))
        } catch (error) {
          if (!(error instanceof LogUnavailable)) reportUnexpected(error)
          controller.error(new Error('The list could not be read to its end'))
        }
      },
      async cancel() {
        await pages.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
