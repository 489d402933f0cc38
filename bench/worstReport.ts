import { writeFileSync } from 'node:fs'
import { markdownCode, markdownTable } from './markdown.ts'
import type { Cost } from './once.ts'
import { describeMachine } from './report.ts'
import { rowOf, type WorstQuery } from './worstQueries.ts'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const reportOf = (
  events: number,
  costs: readonly (WorstQuery & Cost)[],
): string => `# Every public route's worst query

Made by \`npm run bench -- --worst\` with ${whole.format(events)} events in the log. Each query is sent once to a Worker that has just
started, for a user who has not been read before. Objects keep their storage: \`/v1/status\` continues from what
\`/v1/leaderboards\` stored. \`npm test\` checks that the table lists every route, and that each route stays within its bounds
from a cold start; \`npm run test:long\` checks them with a larger log. Queries are statements, counted one by one in a batch. D1
allows 1,000 per request, which no route reaches with 10 million events, a tenth of them by one user.

${markdownCode(describeMachine())}

${markdownTable(
  [
    ['route', 'bounded by', 'most rows', 'most queries', 'request', 'rows read', 'milliseconds'],
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

/** Writes bench/WORST.md, and returns its text. */
export const writeWorst = (events: number, costs: readonly (WorstQuery & Cost)[]): string => {
  const report = reportOf(events, costs)
  writeFileSync(`${import.meta.dirname}/WORST.md`, report)
  return report
}
