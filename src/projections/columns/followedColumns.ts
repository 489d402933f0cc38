import { responseTypes } from '../../definitions/definitions.ts'
import type { Instant } from '../../contributions/instant.ts'
import { runBatch } from '../../log/database.ts'
import { readHead, type Checkpoint } from '../../log/head.ts'
import { readEntries, readSystemUsers } from '../../log/queries/entries.ts'
import type { Projection, Update } from '../LogFollower.ts'
import { ColumnStore, noSizes, type Sizes } from './columnStore.ts'
import type { InTurn } from '../scans/takeTurn.ts'

/** Entries per read. */
const pageEntries = 40_000

/** The types that threads are derived from. If they change, the columns are rebuilt. */
const threadTypes = JSON.stringify(responseTypes ?? null)

/** How far the columns have followed the log. */
interface State {
  /** `threadTypes` when the entries were stored. */
  threadTypes: string
  position: number
  /** The end of the log at the last refresh, at `position` or after. */
  seen: Checkpoint
  /** The highest revision of any user, and the system accounts as of it. */
  revision: number
  systemUsers: number[]
  sizes: Sizes
  /** When it last reached the end of the log; null if it never has. */
  refreshedAt: Instant | null
}

/** Follows the log by position, and system accounts by revision. A refresh that finds no change writes nothing. */
export class FollowedColumns implements Projection {
  readonly freshMilliseconds = 2000
  readonly readsMax = 300
  readonly store: ColumnStore
  #storage: DurableObjectStorage
  #db: D1Database
  #inTurn: InTurn
  #state: State | undefined

  constructor(storage: DurableObjectStorage, db: D1Database, inTurn: InTurn) {
    this.store = new ColumnStore(storage.sql)
    this.#storage = storage
    this.#db = db
    this.#inTurn = inTurn
    const stored = storage.kv.get<State>('state')
    this.#state = stored?.threadTypes === threadTypes ? stored : undefined
  }

  /** The stored state; undefined before the first refresh. */
  get state(): Readonly<State> | undefined {
    return this.#state
  }

  get position(): number {
    return this.#state?.position ?? 0
  }

  /** False while a first pass is incomplete: its numbers would be too low. */
  get isBuilt(): boolean {
    return this.refreshedAt !== undefined
  }

  get refreshedAt(): Instant | undefined {
    return this.#state?.refreshedAt ?? undefined
  }

  async read(now: Instant, fromStart: boolean): Promise<Update> {
    const before = fromStart ? undefined : this.#state
    // A step of a build reads as much as a scan of the log, so it waits for its turn among them.
    return before?.refreshedAt == null
      ? await this.#inTurn(async () => await this.#readPage(now, before))
      : await this.#readPage(now, before)
  }

  forget(): void {
    this.#storage.transactionSync(() => {
      this.#storage.kv.delete('state')
      this.store.dropTables()
    })
    this.#state = undefined
  }

  async #readPage(now: Instant, before: State | undefined): Promise<Update> {
    const after = before?.position ?? 0
    const page = { after, upTo: after + pageEntries }
    const known = { revision: before?.revision ?? 0, systemUsers: before?.systemUsers ?? [] }
    const [head, entries, users] = await runBatch(
      this.#db,
      readHead(this.#db, before?.seen),
      readEntries(this.#db, page, responseTypes),
      readSystemUsers(this.#db, known),
    )
    const { checkpoint } = head
    const more = checkpoint.position > page.upTo
    const store = (): boolean => {
      this.#store(before, (sizes) => this.store.add(entries, sizes), {
        threadTypes,
        position: Math.min(checkpoint.position, page.upTo),
        seen: checkpoint,
        revision: users.revision,
        systemUsers: users.systemUsers,
        refreshedAt: more ? (before?.refreshedAt ?? null) : now,
      })
      return more
    }
    return { continues: head.continues && users.revision >= known.revision, store }
  }

  #store(before: State | undefined, add: (sizes: Sizes) => Sizes, after: Omit<State, 'sizes'>): void {
    let sizes = before?.sizes ?? noSizes
    const hasChanged =
      before?.refreshedAt == null || before.position !== after.position || before.revision !== after.revision
    if (hasChanged) {
      this.#storage.transactionSync(() => {
        if (before === undefined) {
          this.store.dropTables()
          this.store.createTables()
        }
        sizes = add(sizes)
        this.#storage.kv.put('state', { ...after, sizes })
      })
    }
    this.#state = { ...after, sizes }
  }
}
