import type { RankingSnapshot } from '../../contributions/ranking.ts'
import type { Profile } from '../../contributions/user.ts'

/** Users and profiles per part: at most 5 MB and 13 MB, within the 32 MiB limit of an RPC result. */
const partUsers = 200_000
const partProfiles = 2000

/** The ID and size of a snapshot. */
export interface SnapshotSize {
  /** The snapshot's ID. */
  snapshot: string
  parts: number
  /** The number of counted users. */
  users: number
  /** The number of ranked users. */
  ranked: number
}

/** A range of each list of a ranking, and a range of profiles. */
export interface SnapshotPart {
  ranking: RankingSnapshot
  profiles: Profile[]
}

/** The complete state of a ranking at one moment, in parts that fit in an RPC result. No I/O, no clock. */
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

  /** A part, numbered from 0. */
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
    return { ranking, profiles }
  }
}

/** Reassembles a snapshot from its parts, which are added in order. */
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

  add(number: number, { ranking, profiles }: SnapshotPart): void {
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
