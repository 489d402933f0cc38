import { stringify } from 'csv-stringify/sync'

/** A list as a table. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly (string | number | boolean | null)[])[]
}

/** RFC 4180 with a header row. Cells that a spreadsheet would run as a formula (`= + - @`) are made safe. */
export const toCsv = ({ columns, rows }: Table): string =>
  stringify([columns, ...rows], {
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  })
