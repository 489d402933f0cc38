import { LogUnavailable, within } from '../../failure.ts'
import { callObject, logScansOf } from '../objects.ts'

/** Runs a scan of the log when its turn comes. Throws LogUnavailable if that takes too long. */
export type InTurn = <Answer>(scan: () => Promise<Answer>) => Promise<Answer>

/** How long to wait for the queue's refusal after the patience has ended. */
const graceMilliseconds = 10_000

/**
 * Runs a scan in the calling object when its turn comes among all scans of the log: several at once would block the
 * webhooks. Throws what the scan throws, and LogUnavailable if the turn does not come in time.
 */
export const takeTurn = async <Answer>(
  env: Pick<Env, 'LOG_SCANS'>,
  patienceMilliseconds: number,
  scan: () => Promise<Answer>,
): Promise<Answer> => {
  // Errors lose their class over RPC, so the result is kept here. If the call is retried after its scan has begun, that
  // scan is reused.
  let answer: Promise<Answer> | undefined
  let isAbandoned = false
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<boolean>()
  const onTurn = async (): Promise<boolean> => {
    if (!isAbandoned) answer ??= scan()
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
    isAbandoned = answer === undefined
  }
  if (answer === undefined) throw new LogUnavailable('Too many rankings are being built')
  return await answer
}
