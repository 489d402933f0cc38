import { Presets, SingleBar } from 'cli-progress'
import { counted, formatNumber } from './format.ts'

/** The progress of a long task, shown on standard error. */
export interface Progress {
  /** `done` is compared with the total. `items` is the number of items so far, from which the rate is computed. */
  advance: (done: number, items: number) => void
  /** Prints a line above the progress. */
  say: (text: string) => void
  end: () => void
}

const millisecondsBetweenLines = 5000

const formatTimeLeft = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'time left unknown'
  const whole = Math.ceil(seconds)
  return whole < 120 ? `${whole} s left` : `${Math.ceil(whole / 60)} min left`
}

/** The average rate so far, and the time left at that rate. */
const describeSpeed = (startedAt: number, done: number, total: number, items: number): string => {
  const seconds = (performance.now() - startedAt) / 1000
  const left = done === 0 ? Number.POSITIVE_INFINITY : (seconds / done) * (total - done)
  return `${counted(items, 'item')}, ${formatNumber(items / Math.max(seconds, 0.001))} a second, ${formatTimeLeft(left)}`
}

const onTerminal = (verb: string, total: number): Progress => {
  const startedAt = performance.now()
  const bar = new SingleBar(
    { format: `${verb} {bar} {percentage} % | {speed}`, stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  )
  bar.start(total, 0, { speed: '' })
  return {
    advance: (done, items) => bar.update(done, { speed: describeSpeed(startedAt, done, total, items) }),
    say: (text) => process.stderr.write(`\r\u001B[2K${text}\n`),
    end: () => bar.stop(),
  }
}

const inLines = (verb: string, total: number): Progress => {
  console.error(`${verb} …`)
  const startedAt = performance.now()
  let saidAt = startedAt
  return {
    advance: (done, items) => {
      if (performance.now() - saidAt < millisecondsBetweenLines) return
      saidAt = performance.now()
      const percent = formatNumber((100 * done) / Math.max(total, 1))
      console.error(`${verb}: ${percent} %, ${describeSpeed(startedAt, done, total, items)}`)
    },
    say: (text) => console.error(text),
    end: () => undefined,
  }
}

/** Shows progress on standard error: a bar on a terminal, otherwise a line every five seconds. */
export const startProgress = (verb: string, total: number): Progress =>
  process.stderr.isTTY ? onTerminal(verb, total) : inLines(verb, total)
