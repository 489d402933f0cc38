/** Lines of cells as a Markdown table: the first column to the left, those named to the right. */
export const markdownTable = (
  [head = [], ...rest]: readonly (readonly string[])[],
  toTheRight = (column: number): boolean => column > 0,
): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${head.map((_, column) => (toTheRight(column) ? '--:' : '---')).join('|')}|`
  return [line(head), rule, ...rest.map(line)].join('\n')
}

/** Text as a block of code. */
export const markdownCode = (text: string): string => `    ${text.replaceAll('\n', '\n    ')}`
