import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LogUnavailable } from '../../src/failure.ts'
import { callObject } from '../../src/projections/objects.ts'
import { takeTurn } from '../../src/projections/scans/takeTurn.ts'

type InTurn = (patience: number, scan: () => Promise<boolean>) => Promise<boolean>

/** The bindings of a Worker whose queue gives turns like this. */
const queueThat = (inTurn: InTurn): Pick<Env, 'LOG_SCANS'> =>
  ({ LOG_SCANS: { getByName: () => ({ inTurn }) } }) as unknown as Pick<Env, 'LOG_SCANS'>

const never = new Promise<never>(() => undefined)
const outcome = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.catch((error: unknown) => error)

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('a scan whose queue never answers fails 10 s after its deadline, and does not run if its turn comes later', async () => {
  let onTurn: () => Promise<boolean> = async () => false
  const bindings = queueThat(async (_, scan) => {
    onTurn = scan
    return await never
  })
  const scan = vi.fn<() => Promise<string>>()
  const given = outcome(takeTurn(bindings, 2000, scan))
  await vi.advanceTimersByTimeAsync(12_000)
  expect(await given).toBeInstanceOf(LogUnavailable)
  await onTurn()
  expect(scan).not.toHaveBeenCalled()
})

it('a scan that has begun runs once, although its queue is lost and gives the turn again', async () => {
  const lost = Object.assign(new Error('The object was reset'), { durableObjectReset: true })
  let calls = 0
  const bindings = queueThat(async (_, scan) => {
    calls += 1
    const turn = scan()
    if (calls === 1) throw lost
    return await turn
  })
  const { promise: scanned, resolve: finish } = Promise.withResolvers<string>()
  const scan = vi.fn<() => Promise<string>>(async () => await scanned)
  const answer = takeTurn(bindings, 2000, scan)
  await vi.advanceTimersByTimeAsync(60_000)
  finish('ranked')
  expect([await answer, scan.mock.calls.length, calls]).toEqual(['ranked', 1, 2])
})

it('a scan throws its own error, and its turn reports whether the log answered', async () => {
  const reported: boolean[] = []
  const bindings = queueThat(async (_, scan) => {
    reported.push(await scan())
    return true
  })
  const failures = [new LogUnavailable('D1 is out'), new Error('A change came twice')]
  for (const failure of failures) {
    const failing = async (): Promise<never> => {
      throw failure
    }
    expect(await outcome(takeTurn(bindings, 2000, failing))).toBe(failure)
  }
  await vi.advanceTimersByTimeAsync(0)
  expect(reported).toEqual([false, true])
})

it('a call of an object that never answers fails after 2 minutes', async () => {
  const given = outcome(
    callObject(
      () => null,
      async () => await never,
    ),
  )
  await vi.advanceTimersByTimeAsync(120_000)
  expect(await given).toBeInstanceOf(LogUnavailable)
})
