import { writeFileSync } from 'node:fs'
import { markdownCode, markdownTable } from './markdown.ts'
import type { Cost } from './once.ts'
import { describeMachine } from './report.ts'
import type { WorstQuery } from './worst.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const reportOf = (
  events: number,
  costs: readonly (WorstQuery & Cost)[],
): string => `# Every public route's worst query

Made by \`npm run bench -- --worst\`: with ${whole.format(events)} events in the log, each asked once in this order, by nobody before.
\`npm test\` holds the list against the routes, and the rows against a log that is all new.

${markdownCode(describeMachine())}

${markdownTable(
  [
    ['route', 'what bounds it', 'asked', 'rows read', 'milliseconds'],
    ...costs.map(({ route, bound, path, rowsRead, milliseconds }) => [
      `\`${route}\``,
      bound,
      `\`${path}\``,
      whole.format(rowsRead),
      whole.format(milliseconds),
    ]),
  ],
  (column) => column > 2,
)}
`

/** Writes bench/WORST.md; returns it. */
export const writeWorst = (events: number, costs: readonly (WorstQuery & Cost)[]): string => {
  const report = reportOf(events, costs)
  writeFileSync(`${import.meta.dirname}/WORST.md`, report)
  return report
}
