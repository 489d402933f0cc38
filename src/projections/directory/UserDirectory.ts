import { DurableObject } from 'cloudflare:workers'
import { contributionTypes } from '../../definitions/definitions.ts'
import { countContributions, type Selection } from '../../contributions/selection.ts'
import { type Instant, windowAt } from '../../contributions/instant.ts'
import { foldName, type Profile } from '../../contributions/user.ts'
import type { Failure, Result } from '../../failure.ts'
import { runBatch } from '../../log/database.ts'
import { readHead, type Checkpoint, readRevision } from '../../log/head.ts'
import { readChangedUsers, readNewEvents } from '../../log/queries/tally.ts'
import { LogFollower, type Projection, type ReadRequest, type Update } from '../LogFollower.ts'
import { People } from './people.ts'

/** Events and changed users per read. */
const pageEvents = 50_000
const pageUsers = 5000

/** The types whose contributions are counted. */
const countedTypes = contributionTypes.join()

/** Selects all contributions. */
const lifetime: Selection = {
  rule: { types: [...contributionTypes], countsSelf: true, locale: 'any' },
  window: windowAt(null, 0, true),
  locale: undefined,
  product: undefined,
  defaultLocale: '',
  measure: countContributions,
  position: undefined,
}

/** How far the directory has followed the log. */
interface State {
  /** The value of `countedTypes` for which the totals were summed. */
  types: string
  position: number
  /** The end of the log at the last refresh, at `position` or after. */
  seen: Checkpoint
  /** The last changed user that was read, in order of revision. */
  user: { revision: number; userId: number }
  /** When it last reached the end of the log; null if it never has. */
  refreshedAt: Instant | null
}

/** Follows events by position, and users' facts by revision. A refresh that finds no change writes nothing. */
class FollowedPeople implements Projection {
  readonly freshMilliseconds = 2000
  readonly readsMax = 200
  readonly people: People
  #storage: DurableObjectStorage
  #db: D1Database
  #state: State | undefined

  constructor(storage: DurableObjectStorage, db: D1Database) {
    this.people = new People(storage.sql)
    this.#storage = storage
    this.#db = db
    const stored = storage.kv.get<State>('state')
    // If the site has changed its types since, the totals are wrong, so they are rebuilt.
    this.#state = stored?.types === countedTypes ? stored : undefined
  }

  get position(): number {
    return this.#state?.position ?? 0
  }

  /** False while a first pass is incomplete: its totals would be too low. */
  get isBuilt(): boolean {
    return this.refreshedAt !== undefined
  }

  get refreshedAt(): Instant | undefined {
    return this.#state?.refreshedAt ?? undefined
  }

  async read(now: Instant, fromStart: boolean): Promise<Update> {
    const before = fromStart ? undefined : this.#state
    const { position: after, user } = before ?? { position: 0, user: { revision: 0, userId: 0 } }
    const upTo = after + pageEvents
    const [head, revision, events, users] = await runBatch(
      this.#db,
      readHead(this.#db, before?.seen),
      readRevision(this.#db),
      readNewEvents(this.#db, lifetime, 'board', after, upTo),
      readChangedUsers(this.#db, 'board', user, pageUsers),
    )
    const { checkpoint } = head
    const more = checkpoint.position > upTo || users.length === pageUsers
    const last = users.at(-1)
    const store = (): boolean => {
      const learn = (): void => {
        this.people.addTotals(events)
        for (const changed of users) this.people.learn(changed)
      }
      this.#store(before, learn, {
        types: countedTypes,
        position: Math.min(checkpoint.position, upTo),
        seen: checkpoint,
        user: last ? { revision: last.revision, userId: last.profile.id } : user,
        refreshedAt: more ? (before?.refreshedAt ?? null) : now,
      })
      return more
    }
    return { continues: head.continues && revision >= user.revision, store }
  }

  forget(): void {
    this.#storage.transactionSync(() => {
      this.#storage.kv.delete('state')
      this.people.dropTables()
    })
    this.#state = undefined
  }

  #store(before: State | undefined, learn: () => void, after: State): void {
    const hasChanged = before?.position !== after.position || before.user.userId !== after.user.userId
    const hasChangedUsers = before?.user.revision !== after.user.revision
    if (before?.refreshedAt == null || hasChanged || hasChangedUsers) {
      this.#storage.transactionSync(() => {
        if (before === undefined) {
          this.people.dropTables()
          this.people.createTables()
        }
        learn()
        this.#storage.kv.put('state', after)
      })
    }
    this.#state = after
  }
}

/** The users that a search found. `ageSeconds` is 0 unless the log could not be read. */
export interface FoundPeople {
  users: Profile[]
  position: number
  ageSeconds: number
}

/** The names of all users that boards may show. A search reads a bounded number of rows, however many users there are. */
export class UserDirectory extends DurableObject<Env> {
  #followed: FollowedPeople
  #follower: LogFollower

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#followed = new FollowedPeople(ctx.storage, env.DB)
    this.#follower = new LogFollower(this.#followed)
  }

  /** Finds at most 20 users by a prefix of their username or of a word in their display name. */
  async search(request: ReadRequest, name: string): Promise<Result<FoundPeople>> {
    return await this.#follower.answer(request, () => ({
      users: this.#followed.people.search(foldName(name)),
      position: this.#followed.position,
      ageSeconds: this.#follower.ageSeconds(request.now),
    }))
  }

  /** Catches up with the log even if no one searches. Otherwise, names of erased users would stay in storage. */
  async refresh(now: Instant): Promise<Failure | undefined> {
    return await this.#follower.refreshNow(now)
  }
}
