import { contributionTypes } from '../../definitions/definitions.ts'
import { earlierOf, laterOf, type Instant } from '../../contributions/instant.ts'
import { runBatch } from '../../log/database.ts'
import { readHead, type Checkpoint } from '../../log/head.ts'
import { readTotals, type LogTotals } from '../../log/queries/status.ts'
import type { Projection, Update } from '../LogFollower.ts'

/** Events per read. */
const pageEvents = 100_000

/** The types whose contributions are counted. */
const countedTypes = contributionTypes.join()

/** The sums up to a position. */
interface State {
  /** The value of `countedTypes` for which the totals were summed. */
  types: string
  totals: LogTotals
  position: number
  /** The end of the log at the last refresh, at `position` or after. */
  seen: Checkpoint
  /** When it last reached the end of the log; null if it never has. */
  refreshedAt: Instant | null
}

const sumOf = (left: LogTotals | undefined, right: LogTotals): LogTotals => ({
  contributions: (left?.contributions ?? 0) + right.contributions,
  firstEventAt: earlierOf(left?.firstEventAt ?? null, right.firstEventAt),
  lastEventAt: laterOf(left?.lastEventAt ?? null, right.lastEventAt),
})

/** Running totals of the log, in an object's storage. A refresh that finds events writes one row. */
export class RunningTotals implements Projection {
  readonly freshMilliseconds = 1000
  #storage: SyncKvStorage
  #db: D1Database
  #state: State | undefined

  constructor(storage: SyncKvStorage, db: D1Database) {
    this.#storage = storage
    this.#db = db
    const stored = storage.get<State>('state')
    // If the site has changed its types since, the sums are wrong, so they are rebuilt.
    this.#state = stored?.types === countedTypes ? stored : undefined
  }

  /** The stored state; undefined before the first refresh. */
  get state(): Readonly<State> | undefined {
    return this.#state
  }

  get position(): number {
    return this.#state?.position ?? 0
  }

  get isBuilt(): boolean {
    return this.refreshedAt !== undefined
  }

  get refreshedAt(): Instant | undefined {
    return this.#state?.refreshedAt ?? undefined
  }

  async read(now: Instant, fromStart: boolean): Promise<Update> {
    const before = fromStart ? undefined : this.#state
    const after = before?.position ?? 0
    const upTo = after + pageEvents
    const [head, found] = await runBatch(
      this.#db,
      readHead(this.#db, before?.seen),
      readTotals(this.#db, after, upTo),
    )
    const more = head.checkpoint.position > upTo
    const store = (): boolean => {
      this.#store(before, {
        types: countedTypes,
        totals: sumOf(before?.totals, found),
        position: Math.min(head.checkpoint.position, upTo),
        seen: head.checkpoint,
        refreshedAt: more ? (before?.refreshedAt ?? null) : now,
      })
      return more
    }
    return { continues: head.continues, store }
  }

  forget(): void {
    this.#storage.delete('state')
    this.#state = undefined
  }

  #store(before: State | undefined, after: State): void {
    if (before?.position !== after.position || before.refreshedAt === null) this.#storage.put('state', after)
    this.#state = after
  }
}
