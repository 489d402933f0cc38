import { isFailure, type Result, LogUnavailable } from '../failure.ts'
import { callObject, isThrownByObject } from '../projections/objects.ts'

/** What can differ between a projection and the log. `answer`: the projection could not answer at all. */
export const differences = [
  'answer',
  'complete',
  'counts',
  'entries',
  'events',
  'flags',
  'last contributions',
  'order',
  'profiles',
  'system accounts',
  'totals',
] as const
export type Difference = (typeof differences)[number]

/** The kinds of audited projections. */
export const auditedKinds = ['user', 'board', 'metric', 'status', 'community'] as const

/** The result of a comparison with the log. */
export interface Comparison {
  differs: readonly Difference[]
  /** The number of events read individually, which dominates the time taken. */
  eventsRead: number
}

/** A projection that an audit compares with the log. */
export interface AuditTarget {
  kind: (typeof auditedKinds)[number]
  /** May be a user's ID, so only the operator may see it. */
  name: string
  /**
   * Returns undefined if the projection stores nothing, or if the log was restored in the meantime. Throws
   * LogUnavailable.
   */
  compare(): Promise<Comparison | undefined>
  /** Rebuilds the projection from the log. Throws LogUnavailable; the caller may retry. */
  rebuild(): Promise<void>
}

/** A projection that differed from the log. */
export interface Finding {
  kind: AuditTarget['kind']
  name: string
  differs: readonly Difference[]
  /** Whether it matched the log after the rebuild. */
  healed: boolean
}

/**
 * Calls a projection's object. Returns undefined if the object's code threw. Throws LogUnavailable if it cannot be
 * reached.
 */
const callProjection = async <Stub, Answer>(
  stubOf: () => Stub,
  call: (stub: Stub) => Promise<Result<Answer>>,
): Promise<{ answer: Answer } | undefined> => {
  let answer: Result<Answer>
  try {
    answer = await callObject(stubOf, call)
  } catch (error) {
    // A platform failure says nothing about the projection.
    if (!isThrownByObject(error))
      throw new LogUnavailable('The projection cannot be reached now', { cause: error })
    return undefined
  }
  if (isFailure(answer)) throw new LogUnavailable('The projection cannot read the log now')
  return { answer }
}

/**
 * Compares what a projection stores with the log. If the projection throws although the log can be read, its `answer`
 * differs.
 */
export const compareStored = async <Stub, Stored>(
  stubOf: () => Stub,
  read: (stub: Stub) => Promise<Result<Stored>>,
  compare: (stored: Stored) => Promise<Comparison | undefined>,
): Promise<Comparison | undefined> => {
  const stored = await callProjection(stubOf, read)
  return stored ? await compare(stored.answer) : { differs: ['answer'], eventsRead: 0 }
}

/** Rebuilds a projection. If it throws, the following comparison finds the drift again. */
export const rebuildStored = async <Stub>(
  stubOf: () => Stub,
  rebuild: (stub: Stub) => Promise<Result<undefined>>,
): Promise<void> => {
  await callProjection(stubOf, rebuild)
}
