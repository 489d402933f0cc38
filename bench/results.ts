import { writeFileSync } from 'node:fs'
import { init, use } from 'echarts/core'
import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { SVGRenderer } from 'echarts/renderers'
import { markdownCode, markdownTable } from './markdown.ts'
import type { Measurement } from './measure.ts'
import type { RankingCosts } from './ranking.ts'
import type { ColdStart } from './once.ts'
import { describeMachine } from './report.ts'
import { bareObject, liveBoard, liveBoardOfSmallest, type AtSize } from './scale.ts'

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

const directory = import.meta.dirname
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })

const keyOf = ({ name, connections }: Measurement): string =>
  `${name}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`

const find = (size: AtSize | undefined, key: string): Measurement | undefined =>
  size?.measurements.find((each) => keyOf(each) === key)

const keysOf = (sizes: readonly AtSize[]): string[] => (sizes[0]?.measurements ?? []).map(keyOf)

const tableOf = (sizes: readonly AtSize[], cell: (measurement: Measurement) => string): string =>
  markdownTable([
    ['', ...sizes.map(({ events }) => `${whole.format(events)} events`)],
    ...keysOf(sizes).map((key) => [
      key,
      ...sizes.map((size) => {
        const measurement = find(size, key)
        return measurement ? cell(measurement) : '–'
      }),
    ]),
  ])

/** Plots every p50 against the size of the log, on logarithmic axes. */
const plotOf = (sizes: readonly AtSize[]): string => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 520 })
  const names = keysOf(sizes).filter((key) => key.endsWith(', 1 connection'))
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: 'p50 of an answer by the size of the log', left: 'center' },
    legend: { bottom: 0, type: 'plain' },
    grid: { left: 70, right: 30, top: 50, bottom: 110 },
    xAxis: { type: 'log', logBase: 2, name: 'events', nameLocation: 'middle', nameGap: 28, min: 200_000 },
    yAxis: { type: 'log', name: 'milliseconds' },
    series: names.map((key) => ({
      type: 'line',
      name: key.replace(', 1 connection', ''),
      data: sizes.map((size) => [size.events, find(size, key)?.p50Milliseconds ?? null]),
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

const ratiosOf = (sizes: readonly AtSize[]): string => {
  const last = sizes.at(-1)
  const p50 = (name: string): number => find(last, `${name}, 1 connection`)?.p50Milliseconds ?? NaN
  return [
    `- p50 of the live 90-day board with the largest log, divided by that with the smallest: ${precise.format(p50(liveBoard) / p50(liveBoardOfSmallest))} (goal: at most 1.3)`,
    `- p50 of the live 90-day board with the largest log, divided by that of a bare object: ${precise.format(p50(liveBoard) / p50(bareObject))} (goal: at most 2)`,
  ].join('\n')
}

/** The results of a whole run. */
export interface Results {
  sizes: AtSize[]
  coldStarts: ColdStart[]
  ranking: RankingCosts
}

const reportOf = ({ sizes, coldStarts, ranking }: Results): string => `# Cost against the size of the log

Made by \`npm run bench -- --scale\` with 1, 2, 4 and 8 disjoint copies of the data in the log, moved in time so that each
ends now. Other load on the machine distorts the numbers.

${markdownCode(describeMachine())}

${ratiosOf(sizes)}

![p50 by the size of the log](results.svg)

p50 / p99 in milliseconds:

${tableOf(sizes, ({ p50Milliseconds, p99Milliseconds }) => `${precise.format(p50Milliseconds)} / ${precise.format(p99Milliseconds)}`)}

D1 rows read per request:

${tableOf(sizes, ({ rows, answered, refused }) => precise.format(rows.d1Read / (answered + refused)))}

Cold starts with the largest log (the last one with a million users more):

${markdownTable([
  ['first answer of', 'milliseconds', 'users ranked', 'rows read'],
  ...coldStarts.map(({ path, milliseconds, total, rowsRead }) => [
    `\`${path}\``,
    whole.format(milliseconds),
    whole.format(total),
    whole.format(rowsRead),
  ]),
])}

A ranking of ${whole.format(ranking.users)} users in memory takes ${precise.format(ranking.mebibytes)} MiB. The first read after new events
sorts it in ${whole.format(ranking.milliseconds.sorting)} ms; after that the top 20 take ${fine.format(ranking.milliseconds.top20)} ms, a user's rank ${fine.format(ranking.milliseconds.rank)} ms, and a count above a threshold ${fine.format(ranking.milliseconds.threshold)} ms.
`

/** Writes bench/RESULTS.md and its plot. Returns the report. */
export const writeResults = (results: Results): string => {
  const report = reportOf(results)
  writeFileSync(`${directory}/RESULTS.md`, report)
  writeFileSync(`${directory}/results.svg`, plotOf(results.sizes))
  return report
}
