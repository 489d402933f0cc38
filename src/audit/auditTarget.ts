import { LogUnavailable } from '../log/database.ts'
import type { Unavailable } from '../projections/LogFollower.ts'
import { callObject, isThrownByObject } from '../projections/callObject.ts'

/** What a projection can differ in from the log; `answer` is for one that could not answer at all. */
export const differences = [
  'answer',
  'complete',
  'counts',
  'events',
  'flags',
  'last contributions',
  'order',
  'profiles',
  'totals',
] as const
export type Difference = (typeof differences)[number]

/** What is audited. */
export const auditedKinds = ['user', 'board', 'metric', 'status'] as const

/** What one comparison found; `eventsRead` are those read one by one, which is what takes time. */
export type Comparison =
  | { status: 'compared'; differs: readonly Difference[]; eventsRead: number }
  /** The projection holds nothing, or the log became another one meanwhile. */
  | { status: 'not compared' }

/** A projection that an audit looks into. */
export interface AuditTarget {
  kind: (typeof auditedKinds)[number]
  /** Names it for the operator; nobody else may see it, for it may be a user's id. */
  name: string
  /** Throws LogUnavailable when it cannot be told. */
  compare(): Promise<Comparison>
  /** Throws it away and follows the log anew. Throws LogUnavailable; then it may be tried again. */
  rebuild(): Promise<void>
}

/** A projection that differed from the log. */
export interface Finding {
  kind: AuditTarget['kind']
  name: string
  differs: readonly Difference[]
  /** Whether it agreed with the log once it was rebuilt. */
  healed: boolean
}

/** What the platform could not do says nothing of the projection: no drift, but no answer either. */
const unreachable = (cause: unknown): LogUnavailable =>
  new LogUnavailable('The projection cannot be reached now', { cause })

/** A projection that cannot answer though the log can is wrong by that alone. */
const cannotAnswer: Comparison = { status: 'compared', differs: ['answer'], eventsRead: 0 }

/** Asks a projection what it holds, and compares that; an object that fails differs in its answer. */
export const compareHeld = async <Stub, Held extends { status: string }>(
  stubOf: () => Stub,
  question: (stub: Stub) => Promise<Held | Unavailable>,
  compare: (held: Held) => Promise<Comparison>,
): Promise<Comparison> => {
  let held: Held | Unavailable
  try {
    held = await callObject(stubOf, question)
  } catch (error) {
    if (!isThrownByObject(error)) throw unreachable(error)
    return cannotAnswer
  }
  if (isUnavailable(held)) throw new LogUnavailable('The projection cannot look at the log now')
  return await compare(held)
}

const isUnavailable = (held: { status: string }): held is Unavailable => held.status === 'unavailable'

/** Has a projection rebuilt. One that fails at it is found out by the comparison that follows. */
export const rebuildHeld = async <Stub>(
  stubOf: () => Stub,
  order: (stub: Stub) => Promise<{ status: 'rebuilt' } | Unavailable>,
): Promise<void> => {
  let answer: { status: string }
  try {
    answer = await callObject(stubOf, order)
  } catch (error) {
    if (!isThrownByObject(error)) throw unreachable(error)
    return
  }
  if (isUnavailable(answer)) throw new LogUnavailable('The projection cannot look at the log now')
}
