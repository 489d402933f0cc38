import { LogUnavailable } from '../failure.ts'
import type { Instant } from '../contributions/instant.ts'
import { runBatch } from '../log/database.ts'
import {
  readHead,
  type Checkpoint,
  type LogHead,
  changesMax,
  readUserChanges,
  type UserChange,
  readRevision,
} from '../log/head.ts'
import type { Reflected } from '../projections/user/UserCounter.ts'

/** How long a user's own numbers may lag behind the log. */
const freshMilliseconds = 1000

/** How often the tail is read while users are being read: often enough that no caller waits for it. */
const pauseMilliseconds = 500

/** How long a read may take. After that it counts as lost: the request that began it may have ended early. */
const readMilliseconds = 15_000

/**
 * How far a clock may be behind what has happened: by rounding, by a small step, or because a platform may hold it back
 * while a timer is overdue.
 */
const clockMilliseconds = 250

/** The maximum number of users whose last change is remembered. */
const usersMax = 10_000

/** How far the log has been read. */
interface Seen {
  checkpoint: Checkpoint
  /** The highest revision of any user. */
  revision: number
  complete: boolean
}

/**
 * Which users have recently changed in the log. Holds plain data, so any request may start a read and all may use its
 * result.
 */
export class LogTail {
  #clock: () => Instant
  #seen: Seen | undefined
  #changed = new Map<number, Pick<UserChange, 'position' | 'revision'>>()
  /** Every change after a read of the log is known if that read began at or after this instant. */
  #knownFrom: Instant = Infinity
  /** When the last complete read began. */
  #readAt: Instant = -Infinity
  #reading: { begunAt: Instant; isOver: boolean } | undefined

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#clock = clock
  }

  /** The position up to which every change is known. */
  get position(): number {
    return this.#seen?.checkpoint.position ?? 0
  }

  /**
   * Whether an answer about a user, requested at `requestedAt` and read from the log `lag` before that, still reflects
   * everything committed until a second ago.
   */
  confirms(
    { userId, position, revision, complete, lag }: Reflected,
    requestedAt: Instant,
    now: Instant,
  ): boolean {
    const seen = this.#seen
    if (seen === undefined || complete !== seen.complete) return false
    if (lag === undefined || requestedAt - lag < this.#knownFrom) return false
    if (Math.abs(now - this.#readAt) >= freshMilliseconds) return false
    // If the answer reflects more than a later read found, a restore removed it from the log.
    if (requestedAt < this.#readAt && (position > seen.checkpoint.position || revision > seen.revision))
      return false
    const changed = this.#changed.get(userId)
    return changed === undefined || (changed.position <= position && changed.revision <= revision)
  }

  /** Whether the tail should be read again and no read is in progress. */
  isDue(now: Instant): boolean {
    if (this.#reading === undefined) return true
    const pause = this.#reading.isOver ? pauseMilliseconds : readMilliseconds
    return Math.abs(now - this.#reading.begunAt) >= pause
  }

  /** Reads what has changed. If the log cannot be read, no answer is confirmed once the last read is a second old. */
  async read(db: D1Database, now: Instant): Promise<void> {
    const reading = { begunAt: now, isOver: false }
    this.#reading = reading
    try {
      const seen = this.#seen
      const none = { position: Number.MAX_SAFE_INTEGER, revision: Number.MAX_SAFE_INTEGER }
      const [head, revision, changes] = await runBatch(
        db,
        readHead(db, seen?.checkpoint),
        readRevision(db),
        readUserChanges(db, seen ? { position: seen.checkpoint.position, revision: seen.revision } : none),
      )
      // This read took so long that another one has begun.
      if (this.#reading !== reading) return
      this.#update(head, revision, changes)
      this.#readAt = now
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    } finally {
      reading.isOver = true
    }
  }

  #update({ checkpoint, complete, continues }: LogHead, revision: number, changes: UserChange[]): void {
    const before = this.#seen
    this.#seen = { checkpoint, revision, complete }
    const follows = continues && before !== undefined && revision >= before.revision
    if (!follows || changes.length > changesMax || this.#changed.size + changes.length > usersMax) {
      this.#changed.clear()
      this.#knownFrom = this.#clock() + clockMilliseconds
      return
    }
    for (const change of changes) {
      const known = this.#changed.get(change.userId)
      this.#changed.set(change.userId, {
        position: Math.max(change.position, known?.position ?? 0),
        revision: Math.max(change.revision, known?.revision ?? 0),
      })
    }
  }
}
