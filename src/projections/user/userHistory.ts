import type { Instant } from '../../contributions/instant.ts'
import { runBatch } from '../../log/database.ts'
import { readUserEvents, userEventsMax, type UserEvents } from '../../log/queries/events.ts'
import { readHead } from '../../log/head.ts'
import { profileOf, readUserRow } from '../../log/queries/users.ts'
import type { Projection, Update } from '../LogFollower.ts'
import { addEvents, createTables, dropTables, loadState, saveState, type CounterState } from './userEvents.ts'

/** The parts of a state that are stored when they change, even if there are no new events. */
const knownOf = ({ seen, complete, erased, user }: CounterState): string =>
  JSON.stringify([seen.epoch, complete, erased, user])

/**
 * One user's part of the log, in an object's SQLite storage. A refresh that finds k events writes k + 1 rows; one that
 * finds no change writes none. So a request for an unknown ID leaves nothing in storage.
 */
export class UserHistory implements Projection {
  readonly freshMilliseconds = 1000
  #storage: DurableObjectStorage
  #db: D1Database
  #userId: number
  #state: CounterState | undefined
  #position: number
  #changes = 0

  constructor(storage: DurableObjectStorage, db: D1Database, userId: number) {
    this.#storage = storage
    this.#db = db
    this.#userId = userId
    this.#state = loadState(storage.sql)
    this.#position = this.#state?.position ?? 0
  }

  /** The stored state; undefined if nothing is stored. */
  get state(): Readonly<CounterState> | undefined {
    return this.#state
  }

  /** How far the history has followed the log, even for an unknown user, for whom nothing is stored. */
  get position(): number {
    return this.#position
  }

  /** False while a first pass is incomplete: its counts would be too low. */
  get isBuilt(): boolean {
    return this.refreshedAt !== undefined
  }

  get refreshedAt(): Instant | undefined {
    return this.#state?.refreshedAt ?? undefined
  }

  /** Incremented whenever the stored state changes. Counts from before the last change may be outdated. */
  get changes(): number {
    return this.#changes
  }

  async read(now: Instant, fromStart: boolean): Promise<Update> {
    const before = fromStart ? undefined : this.#state
    const [head, user, events] = await runBatch(
      this.#db,
      readHead(this.#db, before?.seen),
      readUserRow(this.#db, this.#userId),
      readUserEvents(this.#db, this.#userId, before?.position ?? 0),
    )
    const { checkpoint, complete } = head
    if (user === undefined)
      return { continues: before === undefined, store: () => this.#skipTo(checkpoint.position) }
    const last = events.count === userEventsMax ? events.last : null
    const more = last !== null
    const after: CounterState = {
      position: last ?? checkpoint.position,
      seen: checkpoint,
      refreshedAt: more ? (before?.refreshedAt ?? null) : now,
      complete,
      erased: user.is_erased === 1,
      user: profileOf(user),
      revision: user.revision,
    }
    const store = (): boolean => {
      this.#store(before, after, events)
      return more
    }
    return { continues: head.continues, store }
  }

  forget(): void {
    if (this.#state) this.#storage.transactionSync(() => dropTables(this.#storage.sql))
    this.#state = undefined
    this.#position = 0
    this.#changes += 1
  }

  /** The user is unknown: there is nothing to store. */
  #skipTo(position: number): false {
    this.#position = position
    return false
  }

  #store(before: CounterState | undefined, after: CounterState, events: UserEvents): void {
    const completes = before?.refreshedAt === null && after.refreshedAt !== null
    if (before === undefined || completes || events.count > 0 || knownOf(before) !== knownOf(after)) {
      const { sql } = this.#storage
      this.#storage.transactionSync(() => {
        if (before === undefined) createTables(sql)
        addEvents(sql, events)
        saveState(sql, after)
      })
      this.#changes += 1
    }
    this.#state = after
    this.#position = after.position
  }
}
