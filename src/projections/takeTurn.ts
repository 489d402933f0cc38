import { LogUnavailable, within } from '../log/database.ts'
import { logScansOf, type LogScans } from './LogScans.ts'
import { askObject } from './stubs.ts'

/** A turn that is neither given nor refused so long after its time is not waited for any more. */
const graceMilliseconds = 10_000

/**
 * Runs a scan here when its turn among all scans of the log comes: together they would keep D1 from the webhooks.
 * Throws what the scan throws, and LogUnavailable when the turn does not come in time.
 */
export const takeTurn = async <Answer>(
  scans: DurableObjectNamespace<LogScans>,
  patienceMilliseconds: number,
  scan: () => Promise<Answer>,
): Promise<Answer> => {
  // Errors lose their class over RPC, so the outcome is kept here. Where the turn is lost on the way and taken again,
  // the scan that has begun is the one that counts.
  let answer: Promise<Answer> | undefined
  let isWaiting = true
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<boolean>()
  const onTurn = async (): Promise<boolean> => {
    if (isWaiting) answer ??= scan()
    begin(true)
    const failure: unknown = await answer?.then(
      () => undefined,
      (error: unknown) => error,
    )
    return !(failure instanceof LogUnavailable)
  }
  const turn = askObject(
    () => logScansOf(scans),
    async (queue) => await queue.inTurn(patienceMilliseconds, onTurn),
  )
  const given = Promise.race([hasBegun, turn])
  try {
    await within(patienceMilliseconds + graceMilliseconds, given, 'The queue of scans does not answer')
  } finally {
    isWaiting = answer !== undefined
  }
  if (answer === undefined) throw new LogUnavailable('Too many rankings are being built')
  return await answer
}
