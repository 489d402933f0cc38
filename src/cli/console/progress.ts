import { Presets, SingleBar } from 'cli-progress'

/** How a long piece of work shows how far it is. */
export interface Progress {
  /** `done` of the total; `items` of what is counted. */
  advance: (done: number, items: number) => void
  /** Shows a line of text that stays. */
  say: (text: string) => void
  end: () => void
}

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const millisecondsBetweenLines = 5000

const inWords = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'time left unknown'
  const whole = Math.ceil(seconds)
  return whole < 120 ? `${whole} s left` : `${Math.ceil(whole / 60)} min left`
}

/** The rate since the beginning and, at that rate, what is left. */
const speed = (startedAt: number, done: number, total: number, items: number): string => {
  const seconds = (performance.now() - startedAt) / 1000
  const left = done === 0 ? Number.POSITIVE_INFINITY : (seconds / done) * (total - done)
  return `${number.format(items)} items, ${number.format(items / Math.max(seconds, 0.001))} a second, ${inWords(left)}`
}

const onTerminal = (verb: string, total: number): Progress => {
  const startedAt = performance.now()
  const bar = new SingleBar(
    { format: `${verb} {bar} {percentage} % | {speed}`, stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  )
  bar.start(total, 0, { speed: '' })
  return {
    advance: (done, items) => bar.update(done, { speed: speed(startedAt, done, total, items) }),
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
      const percent = number.format((100 * done) / Math.max(total, 1))
      console.error(`${verb}: ${percent} %, ${speed(startedAt, done, total, items)}`)
    },
    say: (text) => console.error(text),
    end: () => undefined,
  }
}

/** Shows progress on stderr: a bar with rate and time left on a terminal, else a plain line now and then. */
export const startProgress = (verb: string, total: number): Progress =>
  process.stderr.isTTY ? onTerminal(verb, total) : inLines(verb, total)
