import type { Instant } from '../contributions/instant.ts'
import { readEventsOfUser } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead, type LogHead } from '../log/head.ts'
import type { UserRow } from '../log/schema.ts'
import { profileOf, readUserRow } from '../log/queries/users.ts'
import type { Result } from '../failure.ts'
import { userCounterOf } from '../projections/objects.ts'
import type { StoredCounter } from '../projections/user/UserCounter.ts'
import {
  compareStored,
  rebuildStored,
  type AuditTarget,
  type Comparison,
  type Difference,
} from './auditTarget.ts'
import { UserRecount, type Numbers } from './userRecount.ts'

/** Events per query. */
const pageEvents = 5000

/** The head of the log and the user's row, read before the counter. */
export interface Before {
  head: LogHead
  user: UserRow
}

/** A user's numbers according to the log, up to the counter's position. */
interface Truth {
  /** Whether the log is still the one that the counter follows and that `Before` was read from. */
  isSameLog: boolean
  complete: boolean
  user: UserRow | undefined
  recount: UserRecount
  eventsRead: number
}

const recountFromLog = async (
  db: D1Database,
  before: Before,
  { position: upTo, seen }: StoredCounter,
  now: Instant,
): Promise<Truth> => {
  const recount = new UserRecount(now)
  let eventsRead = 0
  for (let after = 0; ;) {
    const [{ complete, continues }, sinceBefore, user, events] = await runBatch(
      db,
      readHead(db, seen),
      readHead(db, before.head.checkpoint),
      readUserRow(db, before.user.id),
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

const numbersOf = (counts: StoredCounter['counts']): Numbers => {
  const { countedAt: _, validUntil: __, ...numbers } = counts
  return numbers
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Events and counts are pinned by position and instant. Facts about the user are not, so they are compared only if the
 * user's revision has not changed in the meantime. Otherwise a change would be mistaken for drift.
 */
const differencesOf = (stored: StoredCounter, before: Before, truth: Truth): Difference[] => {
  const { complete, user, recount } = truth
  const differs: Difference[] = []
  if (recount.digest() !== stored.events) differs.push('events')
  if (!isSame(recount.numbers(), numbersOf(stored.counts))) differs.push('counts')
  if (before.head.complete === complete && stored.complete !== complete) {
    differs.push('complete')
  }
  if (user && user.revision === before.user.revision) {
    if (!isSame(profileOf(user), stored.user)) differs.push('profiles')
    if ((user.is_erased === 1) !== stored.erased) differs.push('flags')
  }
  return differs
}

/** A user's counter, as an audit target. A counter that stores nothing is not compared. */
export const auditedUser = (
  env: Pick<Env, 'DB' | 'USER_COUNTERS'>,
  before: Before,
  now: Instant,
): AuditTarget => {
  const { id } = before.user
  const stubOf = () => userCounterOf(env, id)
  const compare = async (stored: StoredCounter | null): Promise<Comparison | undefined> => {
    if (stored === null) return undefined
    const truth = await recountFromLog(env.DB, before, stored, now)
    if (!truth.isSameLog) return undefined
    return { differs: differencesOf(stored, before, truth), eventsRead: truth.eventsRead }
  }
  return {
    kind: 'user',
    name: String(id),
    compare: async () =>
      await compareStored(
        stubOf,
        async (counter): Promise<Result<StoredCounter | null>> => await counter.audit(now),
        compare,
      ),
    rebuild: async () => await rebuildStored(stubOf, async (counter) => await counter.rebuild(now)),
  }
}
