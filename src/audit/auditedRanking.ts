import { boards, metrics, type Rule } from '../contributions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { RankingSnapshot } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'
import { formatWindowLength, standardWindows, windowAt, type WindowLength } from '../contributions/window.ts'
import { readProfiles, readStandings, recount } from '../log/questions/audit.ts'
import { ask } from '../log/database.ts'
import { readHead, type Place } from '../log/head.ts'
import { readInSlices } from '../log/questions/slices.ts'
import { readRevision } from '../log/questions/tally.ts'
import { CollectedSnapshot, type SnapshotPart, type SnapshotSize } from '../projections/auditSnapshot.ts'
import type { HeldRanking, Leaderboard } from '../projections/Leaderboard.ts'
import { leaderboardName } from '../projections/leaderboardName.ts'
import type { Unavailable } from '../projections/looks.ts'
import { compareHeld, rebuildHeld, type Audited, type Comparison } from './finding.ts'
import { RankingRecount } from './rankingRecount.ts'

/** Users whose flags, and users whose names, are read at a time. */
const standingsAtATime = 10_000
const profilesAtATime = 500

/** A ranking that every audit compares. */
export interface RankingToAudit {
  kind: 'board' | 'metric'
  of: string
  rule: Rule
  windowDays: WindowLength
}

const windowLengths: readonly WindowLength[] = [...standardWindows, null]

/** Every board in every window that an object rolls, and every metric as it is defined. */
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

/** The log before a ranking was asked, and how far what is known of users had come. */
interface Before {
  place: Place
  revision: number
}

/** All that a ranking held, and where that stood. */
interface Held {
  status: 'held'
  position: number
  asOf: Instant
  seen: Place
  ranking: RankingSnapshot
  profiles: readonly Profile[]
}

/** An object that was reset while its snapshot was fetched makes another one, so often. */
const attemptsMax = 3

const fetchParts = async (
  leaderboard: DurableObjectStub<Leaderboard>,
  size: SnapshotSize,
): Promise<CollectedSnapshot | undefined> => {
  const collected = new CollectedSnapshot(size)
  for (let number = 0; number < size.parts; number += 1) {
    const part: SnapshotPart = await leaderboard.auditPart(size.snapshot, number)
    if (part.status === 'gone') return undefined
    collected.add(number, part)
  }
  return collected
}

/** What an object holds, which then lets go of what it held for the audit only. */
const fetchHeld = async (
  leaderboard: DurableObjectStub<Leaderboard>,
  now: Instant,
): Promise<Held | Unavailable> => {
  try {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const held: HeldRanking = await leaderboard.audit(now)
      if (held.status === 'unavailable') return held
      const collected = await fetchParts(leaderboard, held)
      if (collected) {
        const { position, asOf, seen } = held
        const { ranking, profiles } = collected
        return { status: 'held', position, asOf, seen, ranking, profiles }
      }
    }
    return { status: 'unavailable', position: 0 }
  } finally {
    await leaderboard.endAudit()
  }
}

/** Flags are not pinned by position: users who changed since `revision` are left for the next audit. */
const compareStandings = async (
  db: D1Database,
  { userIds }: Held['ranking'],
  kind: RankingToAudit['kind'],
  revision: number,
  recounted: RankingRecount,
): Promise<void> => {
  for (let start = 0; start < userIds.length; start += standingsAtATime) {
    const some = [...userIds.subarray(start, start + standingsAtATime)]
    const [standings] = await ask(db, readStandings(db, some, revision))
    recounted.addStandings(standings, kind)
  }
}

const isSameProfile = (one: Profile, other: Profile | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const haveProfilesDrifted = async (
  db: D1Database,
  held: readonly Profile[],
  revision: number,
): Promise<boolean> => {
  const known = new Map(held.map((profile) => [profile.id, profile]))
  const ids = [...known.keys()]
  for (let start = 0; start < ids.length; start += profilesAtATime) {
    const some = ids.slice(start, start + profilesAtATime)
    const [profiles] = await ask(db, readProfiles(db, some, revision))
    if (profiles.some((profile) => !isSameProfile(profile, known.get(profile.id)))) return true
  }
  return false
}

/** A board's or a metric's live ranking, for an audit: the whole of it, whoever is shown. */
export const auditedRanking = (
  { DB: db, LEADERBOARDS, DEFAULT_LOCALE }: Pick<Env, 'DB' | 'LEADERBOARDS' | 'DEFAULT_LOCALE'>,
  { kind, of, rule, windowDays }: RankingToAudit,
  now: Instant,
): Audited => {
  const key = leaderboardName({ of, windowDays, locale: null, product: null })
  const stubOf = (): DurableObjectStub<Leaderboard> => LEADERBOARDS.getByName(key)
  const compareWith = async ({ place, revision }: Before, held: Held): Promise<Comparison> => {
    const { position, asOf, seen, ranking, profiles } = held
    const window = windowAt(windowDays, asOf, true)
    const everywhere = { locale: undefined, product: undefined, defaultLocale: DEFAULT_LOCALE }
    const recounted = new RankingRecount(ranking)
    const selection = { rule, window, position, ...everywhere }
    for await (const slice of readInSlices(db, selection, (part) => recount(db, part))) recounted.add(slice)
    await compareStandings(db, ranking, kind, revision, recounted)
    const haveDrifted = await haveProfilesDrifted(db, profiles, revision)
    const [sinceBefore, sinceSeen] = await ask(db, readHead(db, place), readHead(db, seen))
    if (!sinceBefore.continues || !sinceSeen.continues) return { status: 'not compared' }
    const differs = [...recounted.differences(), ...(haveDrifted ? (['profiles'] as const) : [])]
    return { status: 'compared', differs, eventsRead: 0 }
  }
  return {
    kind,
    name: `${of} ${formatWindowLength(windowDays)}`,
    compare: async () => {
      const [{ place }, revision] = await ask(db, readHead(db, undefined), readRevision(db))
      return await compareHeld(
        stubOf,
        async (leaderboard): Promise<Held | Unavailable> => await fetchHeld(leaderboard, now),
        async (held: Held) => await compareWith({ place, revision }, held),
      )
    },
    rebuild: async () => await rebuildHeld(stubOf, async (leaderboard) => await leaderboard.rebuild(now)),
  }
}
