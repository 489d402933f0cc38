import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LogUnavailable } from '../../src/failure.ts'
import { ScanQueue } from '../../src/projections/scans/scanQueue.ts'

/** A scan that the test ends. */
const aScan = () => {
  let end: (answer: string) => void = () => undefined
  let runs = 0
  const scan = async (): Promise<string> => {
    runs += 1
    return new Promise((resolve) => {
      end = resolve
    })
  }
  return { scan, end: (answer: string) => end(answer), runs: () => runs }
}

const outcome = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error)

describe('a queue of scans', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs one scan at a time, in the order of the requests', async () => {
    const queue = new ScanQueue()
    const [first, second] = [aScan(), aScan()]
    const answers = [queue.share('a', first.scan), queue.share('b', second.scan)]
    await vi.advanceTimersByTimeAsync(100)
    expect([first.runs(), second.runs()]).toEqual([1, 0])
    first.end('one')
    await vi.advanceTimersByTimeAsync(0)
    expect(second.runs()).toBe(1)
    second.end('two')
    expect(await Promise.all(answers)).toEqual(['one', 'two'])
  })

  it('shares a scan among identical requests, and scans again for a later one', async () => {
    const queue = new ScanQueue()
    const scan = aScan()
    const answers = Array.from({ length: 100 }, async () => queue.share('a', scan.scan))
    await vi.advanceTimersByTimeAsync(0)
    scan.end('same')
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['same']))
    const again = queue.share('a', scan.scan)
    await vi.advanceTimersByTimeAsync(0)
    scan.end('new')
    expect([await again, scan.runs()]).toEqual(['new', 2])
  })

  it('lets no scan wait for more than 2 s, and continues after those that failed', async () => {
    const queue = new ScanQueue()
    const [long, late, last] = [aScan(), aScan(), aScan()]
    const first = queue.share('long', long.scan)
    const given = outcome(queue.share('late', late.scan))
    await vi.advanceTimersByTimeAsync(1999)
    const patient = queue.share('last', last.scan)
    await vi.advanceTimersByTimeAsync(1)
    expect(await given).toBeInstanceOf(LogUnavailable)
    long.end('long')
    await vi.advanceTimersByTimeAsync(0)
    expect([late.runs(), last.runs()]).toEqual([0, 1])
    last.end('last')
    expect(await Promise.all([first, patient])).toEqual(['long', 'last'])
  })

  it('continues after a scan that failed, and rejects everyone who shared it', async () => {
    const queue = new ScanQueue()
    const failing = async (): Promise<string> => {
      throw new Error('no such table')
    }
    const failures = [queue.share('a', failing), queue.share('a', failing)].map(outcome)
    for (const failure of await Promise.all(failures)) expect(String(failure)).toContain('no such table')
    const next = aScan()
    const answer = queue.share('b', next.scan)
    await vi.advanceTimersByTimeAsync(0)
    next.end('fine')
    expect(await answer).toBe('fine')
  })

  it('shares no scan that has run for 2.5 s, because its answer would be too old', async () => {
    let now = 0
    const queue = new ScanQueue(() => now)
    const [first, second] = [aScan(), aScan()]
    const answers = [queue.share('a', first.scan)]
    await vi.advanceTimersByTimeAsync(0)
    now = 2499
    answers.push(queue.share('a', second.scan))
    now = 2500
    answers.push(queue.share('a', second.scan))
    first.end('old')
    await vi.advanceTimersByTimeAsync(0)
    second.end('new')
    expect([await Promise.all(answers), second.runs()]).toEqual([['old', 'old', 'new'], 1])
  })

  it('shares no turns, and lets each request wait for its own time limit', async () => {
    const queue = new ScanQueue()
    const [long, patient, hasty] = [aScan(), aScan(), aScan()]
    const first = queue.run(long.scan)
    const second = queue.run(patient.scan, 10_000)
    const given = outcome(queue.run(hasty.scan, 1000))
    await vi.advanceTimersByTimeAsync(1000)
    expect(await given).toBeInstanceOf(LogUnavailable)
    await vi.advanceTimersByTimeAsync(8999)
    long.end('long')
    await vi.advanceTimersByTimeAsync(0)
    patient.end('patient')
    expect([await first, await second, hasty.runs()]).toEqual(['long', 'patient', 0])
  })

  it('starts the scan whose deadline comes first, so that builds with later deadlines delay no reader', async () => {
    const queue = new ScanQueue()
    const [long, build, reader] = [aScan(), aScan(), aScan()]
    const answers = [queue.run(long.scan), queue.run(build.scan, 60_000), queue.run(reader.scan)]
    await vi.advanceTimersByTimeAsync(1000)
    long.end('long')
    await vi.advanceTimersByTimeAsync(0)
    expect([build.runs(), reader.runs()]).toEqual([0, 1])
    reader.end('reader')
    await vi.advanceTimersByTimeAsync(0)
    build.end('build')
    expect(await Promise.all(answers)).toEqual(['long', 'build', 'reader'])
  })

  it('rejects every scan that waits when the log cannot answer, and runs the next one', async () => {
    const queue = new ScanQueue()
    const outage = new LogUnavailable('no answer')
    const failed = Promise.withResolvers<string>()
    const waiting = aScan()
    const outcomes = [queue.run(async () => failed.promise), queue.run(waiting.scan, 60_000)].map(outcome)
    failed.reject(outage)
    expect(await Promise.all(outcomes)).toEqual([outage, outage])
    const next = aScan()
    const answer = queue.run(next.scan)
    await vi.advanceTimersByTimeAsync(0)
    next.end('next')
    expect([await answer, waiting.runs()]).toEqual(['next', 0])
  })

  it('rejects a scan whose turn came too late by the clock, although no timer has fired', async () => {
    let now = 0
    const queue = new ScanQueue(() => now)
    const [long, late, next] = [aScan(), aScan(), aScan()]
    const first = queue.run(long.scan)
    const given = outcome(queue.run(late.scan))
    await vi.advanceTimersByTimeAsync(0)
    now = 7000
    const after = queue.run(next.scan)
    long.end('long')
    await vi.advanceTimersByTimeAsync(0)
    expect([await first, late.runs(), next.runs()]).toEqual(['long', 0, 1])
    expect(await given).toBeInstanceOf(LogUnavailable)
    next.end('next')
    expect(await after).toBe('next')
  })

  it('continues after 30 s although the scan that has the turn never ends', async () => {
    const queue = new ScanQueue()
    const [endless, next] = [aScan(), aScan()]
    void queue.run(endless.scan)
    const answer = queue.run(next.scan, 60_000)
    await vi.advanceTimersByTimeAsync(29_999)
    expect(next.runs()).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(next.runs()).toBe(1)
    next.end('next')
    expect(await answer).toBe('next')
  })

  it('rejects all waiting scans if the log cannot answer one, and runs later ones', async () => {
    const queue = new ScanQueue()
    const [waiting, later] = [aScan(), aScan()]
    const { promise: outage, reject: fail } = Promise.withResolvers<string>()
    const outcomes = [queue.run(async () => outage), queue.run(waiting.scan, 60_000)].map(outcome)
    await vi.advanceTimersByTimeAsync(0)
    fail(new LogUnavailable('The log has not answered in time'))
    for (const failure of await Promise.all(outcomes)) expect(failure).toBeInstanceOf(LogUnavailable)
    const answer = queue.run(later.scan)
    await vi.advanceTimersByTimeAsync(0)
    later.end('later')
    expect([await answer, waiting.runs()]).toEqual(['later', 0])
  })
})
