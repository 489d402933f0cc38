import { stringify } from 'csv-stringify/sync'

/** A list as a table. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly (string | number | boolean | null)[])[]
}

/** RFC 4180 with a header row. A cell that a spreadsheet would take for a formula (`= + - @`) is made safe. */
export const toCsv = ({ columns, rows }: Table): string =>
  stringify([columns, ...rows], {
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  })

/** The weight that an Accept header gives a media type by name (RFC 9110 section 12.5.1); undefined if it names it not. */
const weightOf = (accept: string, type: string): number | undefined => {
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2))
  }
  return undefined
}

/** Whether a caller would rather have CSV than JSON: it is named, and not behind JSON. */
export const prefersCsv = (accept: string | null): boolean => {
  const csv = weightOf(accept ?? '', 'text/csv') ?? 0
  return csv > 0 && csv >= (weightOf(accept ?? '', 'application/json') ?? 0)
}
