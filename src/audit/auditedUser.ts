import type { Instant } from '../contributions/instant.ts'
import { readEventsOfUser } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead, type LogHead } from '../log/head.ts'
import type { UserRow } from '../log/schema.ts'
import { profileOf } from '../log/users.ts'
import type { HeldCounter, UserCounter } from '../projections/user/UserCounter.ts'
import {
  compareHeld,
  rebuildHeld,
  type AuditTarget,
  type Comparison,
  type Difference,
} from './auditTarget.ts'
import { UserRecount, type Numbers } from './userRecount.ts'

/** Events read from the log at a time. */
const pageEvents = 5000

/** What the log said before a counter was asked. */
export interface Before {
  head: LogHead
  user: UserRow
}

/** What the log says of a user, up to the position of which the counter speaks. */
interface Truth {
  /** Whether it is the log of which the counter speaks, and that was read before it was asked. */
  isSameLog: boolean
  complete: boolean
  user: UserRow | undefined
  recount: UserRecount
  eventsRead: number
}

const readTruth = async (
  db: D1Database,
  before: Before,
  { position: upTo, seen }: HeldCounter,
  now: Instant,
): Promise<Truth> => {
  const recount = new UserRecount(now)
  let eventsRead = 0
  for (let after = 0; ;) {
    const [{ complete, continues }, sinceBefore, { user, events }] = await runBatch(
      db,
      readHead(db, seen),
      readHead(db, before.head.place),
      readEventsOfUser(db, before.user.id, { after, upTo, limit: pageEvents }),
    )
    for (const event of events) recount.add(event)
    eventsRead += events.length
    const last = events.length === pageEvents ? events.at(-1) : undefined
    if (last === undefined) {
      return { isSameLog: continues && sinceBefore.continues, complete, user, recount, eventsRead }
    }
    after = last.position
  }
}

const numbersOf = (counts: HeldCounter['counts']): Numbers => {
  const { countedAt: _, validUntil: __, ...numbers } = counts
  return numbers
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Events and numbers are pinned by position and instant. What is known of the user is not: it is compared when it
 * was the same before the counter looked and after, which its revision tells, so that no change is taken for drift.
 */
const differencesOf = (held: HeldCounter, before: Before, truth: Truth): Difference[] => {
  const { complete, user, recount } = truth
  const differs: Difference[] = []
  if (recount.digest() !== held.events) differs.push('events')
  if (!isSame(recount.numbers(), numbersOf(held.counts))) differs.push('counts')
  if (before.head.complete === complete && held.complete !== complete) {
    differs.push('complete')
  }
  if (user && user.revision === before.user.revision) {
    if (!isSame(profileOf(user), held.user)) differs.push('profiles')
    if ((user.is_erased === 1) !== held.erased) differs.push('flags')
  }
  return differs
}

/** A user's counter, for an audit. Asked about what it holds; one that holds nothing is left alone. */
export const auditedUser = (
  db: D1Database,
  counters: DurableObjectNamespace<UserCounter>,
  before: Before,
  now: Instant,
): AuditTarget => {
  const { id } = before.user
  const stubOf = () => counters.getByName(String(id))
  const compare = async (held: HeldCounter | { status: 'nothing held' }): Promise<Comparison> => {
    if (!('seen' in held)) return { status: 'not compared' }
    const truth = await readTruth(db, before, held, now)
    if (!truth.isSameLog) return { status: 'not compared' }
    return {
      status: 'compared',
      differs: differencesOf(held, before, truth),
      eventsRead: truth.eventsRead,
    }
  }
  return {
    kind: 'user',
    name: String(id),
    compare: async () => await compareHeld(stubOf, async (counter) => await counter.audit(now), compare),
    rebuild: async () => await rebuildHeld(stubOf, async (counter) => await counter.rebuild(now)),
  }
}
