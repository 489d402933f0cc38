import type { AmendmentRow } from '../../log/queries/export.ts'

/** The columns of the fields that an amendment can set. */
const columns = ['user_id', 'locale', 'product', 'parent', 'self'] as const
type Column = (typeof columns)[number]

/** Compares values as SQLite does, which compares text by its bytes. */
const isAtLeast = (one: string | number, other: string | number): boolean =>
  typeof one === 'string' && typeof other === 'string'
    ? Buffer.compare(Buffer.from(one), Buffer.from(other)) >= 0
    : one >= other

/** Whether an amendment hides what another about the same content sets, by the rule of the trigger `amendments_once`. */
const hides = (one: AmendmentRow, other: AmendmentRow, column: Column): boolean => {
  const [value, hidden] = [one[column], other[column]]
  if (value === null || hidden === null || !['', other.type].includes(one.type)) return false
  return one.at > other.at || (one.at === other.at && isAtLeast(value, hidden))
}

/**
 * Amendments of one content that were recorded at the same instant, in an order in which a database stores all of them.
 * It does not store one whose fields are all hidden by those before it, and the order in which they came is not known.
 */
export const inStorableOrder = (rows: readonly AmendmentRow[]): AmendmentRow[] => {
  /** The number of rows that hide each field that a row sets, among the rows that are left. */
  const left = rows.map((row) => {
    const given = columns.filter((column) => row[column] !== null)
    const hiders = given.map(
      (column) => rows.filter((each) => each !== row && hides(each, row, column)).length,
    )
    return { row, hiders: new Map(given.map((column, index) => [column, hiders[index] ?? 0])) }
  })
  const backwards: AmendmentRow[] = []
  while (left.length > 0) {
    // A row with a field that no other hides can come last. Without one, -1 takes the last row.
    const index = left.findLastIndex(({ hiders }) => hiders.values().some((count) => count === 0))
    for (const { row: last } of left.splice(index, 1)) {
      backwards.push(last)
      for (const { row, hiders } of left)
        for (const [column, count] of hiders) if (hides(last, row, column)) hiders.set(column, count - 1)
    }
  }
  return backwards.toReversed()
}
