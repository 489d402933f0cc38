import type { RankingSnapshot } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'

/** Users and profiles in a part: 5 MB and 13 MB at most, where one answer of an object may have 32 MiB. */
const partUsers = 200_000
const partProfiles = 2000

/** Names a snapshot, and says how large it is. */
export interface SnapshotSize {
  /** Parts are asked for by this. */
  snapshot: string
  parts: number
  /** How many users are counted, ranked or not. */
  users: number
  /** How many of them are ranked. */
  ranked: number
}

/** The next users of each list of a ranking, and the next profiles; gone when the object was reset since. */
export type SnapshotPart =
  | { status: 'found'; ranking: RankingSnapshot; profiles: Profile[] }
  | { status: 'gone' }

/** All that a ranking held and answered from at one moment, in parts that fit in one answer. No I/O, no clock. */
export class AuditSnapshot {
  readonly size: SnapshotSize
  #ranking: RankingSnapshot
  #profiles: readonly Profile[]

  constructor(ranking: RankingSnapshot, profiles: readonly Profile[]) {
    const users = ranking.userIds.length
    const parts = Math.max(Math.ceil(users / partUsers), Math.ceil(profiles.length / partProfiles))
    this.size = { snapshot: crypto.randomUUID(), parts, users, ranked: ranking.order.length }
    this.#ranking = ranking
    this.#profiles = profiles
  }

  /** A part, by number from 0. */
  part(number: number): SnapshotPart {
    const { userIds, counts, newest, excluded, order } = this.#ranking
    const range = [number * partUsers, (number + 1) * partUsers] as const
    const ranking = {
      userIds: userIds.slice(...range),
      counts: counts.slice(...range),
      newest: newest.slice(...range),
      excluded: excluded.slice(...range),
      order: order.slice(...range),
    }
    const profiles = this.#profiles.slice(number * partProfiles, (number + 1) * partProfiles)
    return { status: 'found', ranking, profiles }
  }
}

/** A snapshot put together again: each part is given in order, by number from 0. */
export class CollectedSnapshot {
  readonly ranking: RankingSnapshot
  readonly profiles: Profile[] = []

  constructor({ users, ranked }: SnapshotSize) {
    this.ranking = {
      userIds: new Float64Array(users),
      counts: new Int32Array(users),
      newest: new Float64Array(users),
      excluded: new Uint8Array(users),
      order: new Uint32Array(ranked),
    }
  }

  add(number: number, { ranking, profiles }: Extract<SnapshotPart, { status: 'found' }>): void {
    const start = number * partUsers
    const { userIds, counts, newest, excluded, order } = this.ranking
    userIds.set(ranking.userIds, Math.min(start, userIds.length))
    counts.set(ranking.counts, Math.min(start, counts.length))
    newest.set(ranking.newest, Math.min(start, newest.length))
    excluded.set(ranking.excluded, Math.min(start, excluded.length))
    order.set(ranking.order, Math.min(start, order.length))
    for (const profile of profiles) this.profiles.push(profile)
  }
}
