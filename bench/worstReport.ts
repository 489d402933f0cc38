import { writeFileSync } from 'node:fs'
import { markdownCode, markdownTable } from './markdown.ts'
import type { Cost } from './once.ts'
import { describeMachine } from './report.ts'
import { rowOf, type WorstQuery } from './worst.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const reportOf = (
  events: number,
  costs: readonly (WorstQuery & Cost)[],
): string => `# Every public route's worst query

Made by \`npm run bench -- --worst\`: with ${whole.format(events)} events in the log, each asked once, of a Worker that has just started,
for a user whom nobody has asked about. What objects have in storage they keep: \`/v1/status\` goes on from \`/v1/leaderboards\`.
\`npm test\` holds this table against the routes, and each route's rows and queries, from nothing, against their bounds;
\`npm run test:long\` does so with a larger log. Queries are statements, those in a batch counted singly: D1 allows a request
1,000, and no route comes near with 10 million events, a tenth of them by one user.

${markdownCode(describeMachine())}

${markdownTable(
  [
    ['route', 'what bounds it', 'rows at most', 'queries at most', 'asked', 'rows read', 'milliseconds'],
    ...costs.map(({ rowsRead, milliseconds, ...query }) => [
      ...rowOf(query),
      `\`${query.path}\``,
      whole.format(rowsRead),
      whole.format(milliseconds),
    ]),
  ],
  (column) => column > 4,
)}
`

/** Writes bench/WORST.md; returns it. */
export const writeWorst = (events: number, costs: readonly (WorstQuery & Cost)[]): string => {
  const report = reportOf(events, costs)
  writeFileSync(`${import.meta.dirname}/WORST.md`, report)
  return report
}
