import type { Instant } from '../contributions/instant.ts'
import { ask } from '../log/database.ts'
import { readUserEvents, type UserEventRow } from '../log/questions/events.ts'
import { readHead, type LogHead } from '../log/head.ts'
import type { UserRow } from '../log/schema.ts'
import { profileOf, readUser } from '../log/users.ts'
import { Looks } from './looks.ts'
import { addEvents, createTables, dropTables, loadCursor, saveCursor, type Cursor } from './userEvents.ts'

/** How old a look may be and still answer: a user's own numbers follow a webhook's 200 within it. */
const freshMilliseconds = 1000

/** Events taken in one look; a user with more is caught up in several. */
const lookEvents = 5000

/** What a look at the log finds, in one transaction. */
interface Findings {
  now: Instant
  head: LogHead
  /** What is known of the user; undefined when no message named them. */
  user: UserRow | undefined
  events: UserEventRow[]
}

/** What is known, but for how far it has come: what is kept is written again when this changes. */
const knownOf = ({ seen, complete, erased, user }: Cursor): string =>
  JSON.stringify([seen.epoch, complete, erased, user])

/**
 * One user's part of the log, followed by position into an object's own SQLite. It is followed from its beginning when
 * the log is no longer the one that was followed (another epoch, or restored to before what was seen). A look that
 * finds k events writes k + 1 rows; one that finds nothing writes none, so an id that nobody named leaves nothing.
 */
export class UserHistory {
  /** When it looks at the log. */
  readonly looks: Looks
  #storage: DurableObjectStorage
  #db: D1Database
  #userId: number
  #cursor: Cursor | undefined
  #position: number
  #changes = 0
  #isDistrusted = false

  constructor(storage: DurableObjectStorage, db: D1Database, userId: number) {
    this.#storage = storage
    this.#db = db
    this.#userId = userId
    this.#cursor = loadCursor(storage.sql)
    this.#position = this.#cursor?.position ?? 0
    this.looks = new Looks({
      freshMilliseconds,
      read: async (now) => this.#read(now),
      position: () => this.#position,
      // Half a history is true at its position, but nobody takes it for an answer.
      isBuilt: () => typeof this.#cursor?.lookedAt === 'number',
      lookedAt: this.#cursor?.lookedAt ?? undefined,
    })
  }

  /** How far it has come, and what is known of the user; undefined as long as nothing is held. */
  get cursor(): Readonly<Cursor> | undefined {
    return this.#cursor
  }

  /** How far it has come, also for a user whom nobody named. */
  get position(): number {
    return this.#position
  }

  /** How often anything that is held has changed: what was counted before the last time may no longer hold. */
  get changes(): number {
    return this.#changes
  }

  /** The next look throws away what is held, and follows the log from its beginning. */
  distrust(): void {
    this.#isDistrusted = true
    this.looks.restart()
  }

  async #read(now: Instant): Promise<() => boolean> {
    const before = this.#cursor
    const [head, user, events] = await ask(
      this.#db,
      readHead(this.#db, before?.seen),
      readUser(this.#db, this.#userId),
      readUserEvents(this.#db, this.#userId, before?.position ?? 0, lookEvents),
    )
    return () => this.#store(before, { now, head, user, events })
  }

  /** Stores what a look found, in one transaction; returns whether to look again. */
  #store(before: Cursor | undefined, { now, head, user, events }: Findings): boolean {
    const isDistrusted = this.#isDistrusted
    this.#isDistrusted = false
    if (before && (isDistrusted || !head.continues || user === undefined)) {
      this.#forget()
      return true
    }
    if (user === undefined) {
      this.#position = head.place.position
      return false
    }
    const full = events.length === lookEvents
    const position = full ? (events.at(-1)?.position ?? head.place.position) : head.place.position
    const after: Cursor = {
      position,
      seen: head.place,
      lookedAt: full ? (before?.lookedAt ?? null) : now,
      complete: head.complete,
      erased: user.is_erased === 1,
      user: profileOf(user),
    }
    const finishes = before?.lookedAt === null && !full
    if (before === undefined || finishes || events.length > 0 || knownOf(before) !== knownOf(after)) {
      this.#keep(before, after, events)
    }
    this.#cursor = after
    this.#position = position
    return full
  }

  #keep(before: Cursor | undefined, after: Cursor, events: readonly UserEventRow[]): void {
    const { sql } = this.#storage
    this.#storage.transactionSync(() => {
      if (before === undefined) createTables(sql)
      addEvents(sql, events)
      saveCursor(sql, after)
    })
    this.#changes += 1
  }

  #forget(): void {
    this.#storage.transactionSync(() => dropTables(this.#storage.sql))
    this.#cursor = undefined
    this.#position = 0
    this.#changes += 1
  }
}
