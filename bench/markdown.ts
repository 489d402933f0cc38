/** A Markdown table of lines of cells; by default all columns but the first are aligned to the right. */
export const markdownTable = (
  [head = [], ...rest]: readonly (readonly string[])[],
  toTheRight = (column: number): boolean => column > 0,
): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${head.map((_, column) => (toTheRight(column) ? '--:' : '---')).join('|')}|`
  return [line(head), rule, ...rest.map(line)].join('\n')
}

/** Text as a Markdown code block. */
export const markdownCode = (text: string): string => `    ${text.replaceAll('\n', '\n    ')}`
