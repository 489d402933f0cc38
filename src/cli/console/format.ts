const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Formats a whole number with thousands separators: "2,000". */
export const formatNumber = (value: number): string => number.format(value)

/** A number with its noun: "1 line", "2,000 lines". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** A list of names: "a, b and c". */
export const listed = (names: readonly string[]): string => list.format(names)

/** Formats rows as lines of text, each column as wide as its widest cell. The last column is not padded. */
export const table = (
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string => {
  const widths = alignments.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const align = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    if (alignments[column] === 'right') return cell.padStart(width + 2)
    return column === alignments.length - 1 ? cell : cell.padEnd(width)
  }
  return rows.map((row) => row.map(align).join(' ').trimEnd()).join('\n')
}
