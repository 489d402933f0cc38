import { LogUnavailable, within } from '../../log/database.ts'
import { callObject, logScansOf } from '../objects.ts'

/** How long after `patience` the queue may take to say that the turn has not come. */
const graceMilliseconds = 10_000

/**
 * Runs a scan in this object when its turn comes among all scans of the log: together they would keep D1 from the
 * webhooks. Throws what the scan throws, and LogUnavailable if the turn does not come in time.
 */
export const takeTurn = async <Answer>(
  env: Pick<Env, 'LOG_SCANS'>,
  patienceMilliseconds: number,
  scan: () => Promise<Answer>,
): Promise<Answer> => {
  // Errors lose their class over RPC, so the outcome is kept here. If the turn is lost on the way and requested again,
  // the scan that has already begun is used.
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
  const turn = callObject(
    () => logScansOf(env),
    async (queue) => await queue.inTurn(patienceMilliseconds, onTurn),
  )
  const turnOrRefusal = Promise.race([hasBegun, turn])
  try {
    await within(
      patienceMilliseconds + graceMilliseconds,
      turnOrRefusal,
      'The queue of scans does not answer',
    )
  } finally {
    isWaiting = answer !== undefined
  }
  if (answer === undefined) throw new LogUnavailable('Too many rankings are being built')
  return await answer
}
