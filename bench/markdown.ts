/** Formats rows as a Markdown table. By default, all columns except the first are right-aligned. */
export const markdownTable = (
  [head = [], ...rest]: readonly (readonly string[])[],
  toTheRight = (column: number): boolean => column > 0,
): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = `|${head.map((_, column) => (toTheRight(column) ? '--:' : '---')).join('|')}|`
  return [line(head), rule, ...rest.map(line)].join('\n')
}

/** Formats text as a Markdown code block. */
export const markdownCode = (text: string): string => `    ${text.replaceAll('\n', '\n    ')}`
