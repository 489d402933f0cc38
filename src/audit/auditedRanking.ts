import { defaultLocaleOf } from '../configuration.ts'
import { boards, metrics, type Rule } from '../definitions/definitions.ts'
import {
  type Instant,
  formatWindowLength,
  standardWindows,
  windowAt,
  type WindowLength,
} from '../contributions/instant.ts'
import type { RankingSnapshot } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'
import { countContributions } from '../contributions/selection.ts'
import { isFailure, notCaughtUp, type Result } from '../failure.ts'
import { readProfiles, readVisibility, recount } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead, type Checkpoint, readRevision } from '../log/head.ts'
import { readInSlices } from '../log/queries/slices.ts'
import {
  CollectedSnapshot,
  type SnapshotPart,
  type SnapshotSize,
} from '../projections/ranking/auditSnapshot.ts'
import { rankingOf } from '../projections/objects.ts'
import type { LiveRanking, SnapshotSummary } from '../projections/ranking/LiveRanking.ts'
import { compareStored, rebuildStored, type AuditTarget, type Comparison } from './auditTarget.ts'
import { RankingRecount } from './rankingRecount.ts'

/** Users per query for flags, and for profiles. */
const pageFlags = 10_000
const pageProfiles = 500

/** A ranking that every audit compares. */
export interface RankingToAudit {
  kind: 'board' | 'metric'
  of: string
  rule: Rule
  windowDays: WindowLength
}

const windowLengths: readonly WindowLength[] = [...standardWindows, null]

/** Every board in every standard window and all time, and every metric in its own window. */
export const rankingsToAudit: readonly RankingToAudit[] = [
  ...boards.flatMap((rule) =>
    windowLengths.map((windowDays) => ({ kind: 'board' as const, of: rule.board, rule, windowDays })),
  ),
  ...metrics.map((rule) => ({
    kind: 'metric' as const,
    of: rule.metric,
    rule,
    windowDays: rule.windowDays,
  })),
]

/** The end of the log and the highest revision of any user, read before the ranking. */
interface Before {
  checkpoint: Checkpoint
  revision: number
}

/** The complete state of a ranking. */
interface StoredRanking {
  position: number
  asOf: Instant
  seen: Checkpoint
  ranking: RankingSnapshot
  profiles: readonly Profile[]
}

/** How many times to try, in case the object is reset while the parts of its snapshot are fetched. */
const attemptsMax = 3

const fetchParts = async (
  ranking: DurableObjectStub<LiveRanking>,
  size: SnapshotSize,
): Promise<CollectedSnapshot | undefined> => {
  const collected = new CollectedSnapshot(size)
  for (let number = 0; number < size.parts; number += 1) {
    const part: SnapshotPart | undefined = await ranking.auditPart(size.snapshot, number)
    if (part === undefined) return undefined
    collected.add(number, part)
  }
  return collected
}

/** Fetches the complete state of a ranking, then releases the snapshot in its object. */
const fetchStored = async (
  stub: DurableObjectStub<LiveRanking>,
  now: Instant,
): Promise<Result<StoredRanking>> => {
  try {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const snapshot: Result<SnapshotSummary> = await stub.audit(now)
      if (isFailure(snapshot)) return snapshot
      const collected = await fetchParts(stub, snapshot)
      if (collected) {
        const { position, asOf, seen } = snapshot
        return { position, asOf, seen, ranking: collected.ranking, profiles: collected.profiles }
      }
    }
    return notCaughtUp(0, 0)
  } finally {
    // A failure here must not mask an earlier error. The object frees its memory a minute later anyway.
    await stub.endAudit().catch(() => undefined)
  }
}

/** Compares flags. They have no position, so users who changed after `revision` are left to the next audit. */
const compareVisibility = async (
  db: D1Database,
  { userIds }: RankingSnapshot,
  kind: RankingToAudit['kind'],
  revision: number,
  recounted: RankingRecount,
): Promise<void> => {
  for (let start = 0; start < userIds.length; start += pageFlags) {
    const some = [...userIds.subarray(start, start + pageFlags)]
    const [visibility] = await runBatch(db, readVisibility(db, some, revision))
    recounted.addVisibility(visibility, kind)
  }
}

const isSameProfile = (one: Profile, other: Profile | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const haveProfilesDrifted = async (
  db: D1Database,
  stored: readonly Profile[],
  revision: number,
): Promise<boolean> => {
  const known = new Map(stored.map((profile) => [profile.id, profile]))
  const ids = [...known.keys()]
  for (let start = 0; start < ids.length; start += pageProfiles) {
    const some = ids.slice(start, start + pageProfiles)
    const [profiles] = await runBatch(db, readProfiles(db, some, revision))
    if (profiles.some((profile) => !isSameProfile(profile, known.get(profile.id)))) return true
  }
  return false
}

/** The live ranking of a board or a metric, as an audit target: all of its users, shown or not. */
export const auditedRanking = (
  env: Pick<Env, 'DB' | 'RANKINGS' | 'DEFAULT_LOCALE'>,
  { kind, of, rule, windowDays }: RankingToAudit,
  now: Instant,
): AuditTarget => {
  const { DB: db } = env
  const stubOf = () => rankingOf(env, { of, windowDays, locale: null, product: null })
  const compare = async (
    { checkpoint, revision }: Before,
    stored: StoredRanking,
  ): Promise<Comparison | undefined> => {
    const { position, asOf, seen, ranking, profiles } = stored
    const window = windowAt(windowDays, asOf, true)
    const selection = {
      rule,
      window,
      position,
      locale: undefined,
      product: undefined,
      defaultLocale: defaultLocaleOf(env),
      measure: countContributions,
    }
    const recounted = new RankingRecount(ranking)
    for await (const slice of readInSlices(db, selection, (part) => recount(db, part))) recounted.add(slice)
    await compareVisibility(db, ranking, kind, revision, recounted)
    const haveDrifted = await haveProfilesDrifted(db, profiles, revision)
    const [sinceBefore, sinceSeen] = await runBatch(db, readHead(db, checkpoint), readHead(db, seen))
    if (!sinceBefore.continues || !sinceSeen.continues) return undefined
    const differs = [...recounted.differences(), ...(haveDrifted ? (['profiles'] as const) : [])]
    return { differs, eventsRead: 0 }
  }
  return {
    kind,
    name: `${of} ${formatWindowLength(windowDays)}`,
    compare: async () => {
      const [{ checkpoint }, revision] = await runBatch(db, readHead(db, undefined), readRevision(db))
      return await compareStored(
        stubOf,
        async (stub) => await fetchStored(stub, now),
        async (stored) => await compare({ checkpoint, revision }, stored),
      )
    },
    rebuild: async () => await rebuildStored(stubOf, async (stub) => await stub.rebuild(now)),
  }
}
