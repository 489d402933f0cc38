import { isFailure, type Result } from '../failure.ts'
import { LogUnavailable } from '../log/database.ts'
import { callObject, isThrownByObject } from '../projections/objects.ts'

/** What can differ between a projection and the log; `answer` if the projection could not answer at all. */
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

/** What is audited. */
export const auditedKinds = ['user', 'board', 'metric', 'status', 'community'] as const

/** What a comparison with the log found. */
export interface Comparison {
  differs: readonly Difference[]
  /** Events that were read one by one, which is what takes time. */
  eventsRead: number
}

/** A projection that an audit compares with the log. */
export interface AuditTarget {
  kind: (typeof auditedKinds)[number]
  /** Only the operator may see it, because it may be a user's ID. */
  name: string
  /** undefined if the projection stores nothing, or the log was restored meanwhile. Throws LogUnavailable. */
  compare(): Promise<Comparison | undefined>
  /** Rebuilds it from the log. Throws LogUnavailable; the caller may retry. */
  rebuild(): Promise<void>
}

/** A projection that differed from the log. */
export interface Finding {
  kind: AuditTarget['kind']
  name: string
  differs: readonly Difference[]
  /** Whether it equalled the log after it was rebuilt. */
  healed: boolean
}

/** Calls a projection's object; undefined if its own code threw. Throws LogUnavailable if it cannot be reached. */
const callProjection = async <Stub, Answer>(
  stubOf: () => Stub,
  call: (stub: Stub) => Promise<Result<Answer>>,
): Promise<{ answer: Answer } | undefined> => {
  let answer: Result<Answer>
  try {
    answer = await callObject(stubOf, call)
  } catch (error) {
    // A failure of the platform says nothing about the projection.
    if (!isThrownByObject(error))
      throw new LogUnavailable('The projection cannot be reached now', { cause: error })
    return undefined
  }
  if (isFailure(answer)) throw new LogUnavailable('The projection cannot read the log now')
  return { answer }
}

/** Compares what a projection stores. A projection that throws although the log can be read differs in its `answer`. */
export const compareStored = async <Stub, Stored>(
  stubOf: () => Stub,
  read: (stub: Stub) => Promise<Result<Stored>>,
  compare: (stored: Stored) => Promise<Comparison | undefined>,
): Promise<Comparison | undefined> => {
  const stored = await callProjection(stubOf, read)
  return stored ? await compare(stored.answer) : { differs: ['answer'], eventsRead: 0 }
}

/** Has a projection rebuilt. If it throws, the comparison that follows finds the drift again. */
export const rebuildStored = async <Stub>(
  stubOf: () => Stub,
  rebuild: (stub: Stub) => Promise<Result<undefined>>,
): Promise<void> => {
  await callProjection(stubOf, rebuild)
}
