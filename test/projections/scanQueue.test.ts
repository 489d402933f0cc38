import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LogUnavailable } from '../../src/log/database.ts'
import { ScanQueue } from '../../src/projections/scanQueue.ts'

/** A scan that ends when it is told to. */
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

  it('runs one at a time, in the order in which they were asked', async () => {
    const queue = new ScanQueue()
    const [first, second] = [aScan(), aScan()]
    const answers = [queue.run('a', first.scan), queue.run('b', second.scan)]
    await vi.advanceTimersByTimeAsync(100)
    expect([first.runs(), second.runs()]).toEqual([1, 0])
    first.end('one')
    await vi.advanceTimersByTimeAsync(0)
    expect(second.runs()).toBe(1)
    second.end('two')
    expect(await Promise.all(answers)).toEqual(['one', 'two'])
  })

  it('shares a scan among all who ask the same, and scans again for who asks later', async () => {
    const queue = new ScanQueue()
    const scan = aScan()
    const answers = Array.from({ length: 100 }, async () => queue.run('a', scan.scan))
    await vi.advanceTimersByTimeAsync(0)
    scan.end('same')
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['same']))
    const again = queue.run('a', scan.scan)
    await vi.advanceTimersByTimeAsync(0)
    scan.end('new')
    expect([await again, scan.runs()]).toEqual(['new', 2])
  })

  it('lets nobody wait for more than 2 s, and goes on after them', async () => {
    const queue = new ScanQueue()
    const [long, late, last] = [aScan(), aScan(), aScan()]
    const first = queue.run('long', long.scan)
    const given = outcome(queue.run('late', late.scan))
    await vi.advanceTimersByTimeAsync(1999)
    const patient = queue.run('last', last.scan)
    await vi.advanceTimersByTimeAsync(1)
    expect(await given).toBeInstanceOf(LogUnavailable)
    long.end('long')
    await vi.advanceTimersByTimeAsync(0)
    expect([late.runs(), last.runs()]).toEqual([0, 1])
    last.end('last')
    expect(await Promise.all([first, patient])).toEqual(['long', 'last'])
  })

  it('goes on after a scan that failed, and tells its failure to those who shared it', async () => {
    const queue = new ScanQueue()
    const failing = async (): Promise<string> => {
      throw new Error('no such table')
    }
    const failures = [queue.run('a', failing), queue.run('a', failing)].map(outcome)
    for (const failure of await Promise.all(failures)) expect(String(failure)).toContain('no such table')
    const next = aScan()
    const answer = queue.run('b', next.scan)
    await vi.advanceTimersByTimeAsync(0)
    next.end('fine')
    expect(await answer).toBe('fine')
  })
})
