import { Command, InvalidArgumentError } from 'commander'
import { runCommand } from '../src/cli/command.ts'
import { readDataSet, usersByActivity } from './dataSet.ts'
import { loadContributions } from './load.ts'
import { measure, type Measurement } from './measure.ts'
import { measureColdStarts, measureOnce, type Cost } from './once.ts'
import {
  describeDataSet,
  describeGoals,
  describeLoadings,
  describeMachine,
  describeMeasurements,
} from './report.ts'
import { measureRanking } from './ranking.ts'
import { writeResults } from './results.ts'
import { aMillionUsers, measureSizes, sendAll, sendCopies, userIdsPerCopy } from './scale.ts'
import { startServer } from './server.ts'
import { targetsOf } from './targets.ts'
import { worstQueries, type WorstQuery } from './worstQueries.ts'
import { writeWorst } from './worstReport.ts'

interface Options {
  data?: string
  requests: number
  seconds: number
  scale?: true
  worst?: true
}

const connectionCounts = [1, 16]

/** The number of requests per target before measuring. */
const warmUp = 50

const parseCount = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Use a whole number above 0.')
  return Number(text)
}

const coldPaths = [
  '/v1/leaderboards/support-forum?window=365d',
  '/v1/leaderboards/questions?window=all',
  '/v1/leaderboards/overall?window=all',
]

/** Measures with 1, 2, 4 and 8 copies of the data in the log, and writes bench/RESULTS.md. */
const scale = async (data: string | undefined): Promise<void> => {
  const { contributions } = readDataSet(data)
  const [server, smallest] = [await startServer(), await startServer()]
  try {
    const sizes = await measureSizes(server.url, smallest.url, contributions)
    const coldStarts = await measureColdStarts(server.url, coldPaths)
    await sendAll(server.url, 'A million users', aMillionUsers())
    coldStarts.push(...(await measureColdStarts(server.url, ['/v1/leaderboards/helpful?window=30d'])))
    console.log(writeResults({ sizes, coldStarts, ranking: measureRanking(1_000_000) }))
  } finally {
    await Promise.all([server.stop(), smallest.stop()])
  }
}

/** Measures the worst query of each public route with all copies of the data in the log, and writes bench/WORST.md. */
const worst = async (data: string | undefined): Promise<void> => {
  const { contributions } = readDataSet(data)
  const server = await startServer()
  try {
    const events = await sendCopies(server.url, contributions)
    // Every copy of the data has its own busiest user.
    let user = (usersByActivity(contributions)[0] ?? 1) - userIdsPerCopy
    const costs: (WorstQuery & Cost)[] = []
    for (const query of worstQueries(() => (user += userIdsPerCopy))) {
      await server.restart()
      costs.push(...(await measureOnce(server.url, [query])))
    }
    console.log(writeWorst(events, costs))
  } finally {
    await server.stop()
  }
}

const bench = async ({ data, requests, seconds }: Options): Promise<void> => {
  console.log(describeMachine())
  const dataSet = readDataSet(data)
  const server = await startServer()
  try {
    const loadings = await loadContributions(server.url, dataSet.contributions)
    await fetch(new URL('/bench/copy-log', server.url))
    console.log(`${describeDataSet(dataSet)}\n\n${describeLoadings(loadings)}\n`)
    const measurements: Measurement[] = []
    for (const group of targetsOf(dataSet.contributions)) {
      console.error(`Measuring: ${group.map(({ name }) => name).join('; ')}`)
      for (const connections of connectionCounts) {
        measurements.push(...(await measure(server.url, group, { connections, requests, seconds, warmUp })))
      }
    }
    console.log(`\n${describeMeasurements(measurements)}\n\n${describeGoals(loadings, measurements)}`)
  } finally {
    await server.stop()
  }
}

await runCommand(
  new Command('npm run bench --')
    .description(
      'Measures the built Worker on workerd, with real data, or made-up data if there is none, in a temporary state that is removed afterwards.',
    )
    .option('--requests <number>', 'measure at most this many requests of each kind', parseCount, 2000)
    .option('--seconds <number>', 'measure each kind for at most this long', parseCount, 5)
    .option('--data <file>', 'contributions to load instead, as NDJSON or gzipped NDJSON')
    .option(
      '--scale',
      'measure with 1, 2, 4 and 8 copies of the data instead, and write bench/RESULTS.md (ten minutes)',
    )
    .option(
      '--worst',
      "measure every public route's worst query with 8 copies of the data instead, and write bench/WORST.md (five minutes)",
    )
    .addHelpText(
      'after',
      `
Latency is measured at ${connectionCounts.join(' and ')} connections. Rows are counted by D1 and by the objects' own SQLite.
Other load on the machine distorts the numbers: close other programs. Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(async (options: Options) => {
      if (options.scale) await scale(options.data)
      if (options.worst) await worst(options.data)
      if (!options.scale && !options.worst) await bench(options)
    }),
)
