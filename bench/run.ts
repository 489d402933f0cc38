import { Command, InvalidArgumentError } from 'commander'
import { runCommand } from '../src/cli/command.ts'
import { readDataSet } from './contributions.ts'
import { loadContributions } from './load.ts'
import { measure, type Measurement } from './measure.ts'
import {
  describeDataSet,
  describeGoals,
  describeLoadings,
  describeMachine,
  describeMeasurements,
} from './report.ts'
import { startServer } from './server.ts'
import { targetsOf } from './targets.ts'

interface Options {
  data?: string
  requests: number
  seconds: number
}

const connectionCounts = [1, 16]

/** Requests that are sent to each target before the measured ones. */
const warmUp = 50

const parseCount = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Use a whole number above 0.')
  return Number(text)
}

const bench = async ({ data, requests, seconds }: Options): Promise<void> => {
  console.log(describeMachine())
  const dataSet = readDataSet(data)
  const server = await startServer()
  try {
    const loadings = await loadContributions(server.url, dataSet.contributions)
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
      'Measures the built Worker on workerd, on a scratch state that it loads with real data and then removes.',
    )
    .option('--requests <number>', 'measure at most so many requests of a kind', parseCount, 2000)
    .option('--seconds <number>', 'and for at most so long', parseCount, 5)
    .option('--data <file>', 'contributions to load instead, NDJSON or gzip of it')
    .addHelpText(
      'after',
      `
Latency is measured at ${connectionCounts.join(' and ')} connections. Rows are counted by D1 and by the objects' own SQLite.
Whatever else the machine does shows in the numbers: close it. Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(bench),
)
