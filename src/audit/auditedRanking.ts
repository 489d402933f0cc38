import { boards, metrics, type Rule } from '../contributions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { formatWindowLength, standardWindows, windowAt, type WindowLength } from '../contributions/window.ts'
import { readProfiles, readStandings, recount } from '../log/questions/audit.ts'
import { ask } from '../log/database.ts'
import { readHead, type Place } from '../log/head.ts'
import { readRevision, readSliceEnd } from '../log/questions/tally.ts'
import type { HeldRanking, Leaderboard } from '../projections/Leaderboard.ts'
import { leaderboardName } from '../projections/leaderboardName.ts'
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

type Held = Extract<HeldRanking, { status: 'found' }>

/** Every slice of a selection: between them, webhooks have their turn. */
const recountInSlices = async (
  db: D1Database,
  selection: Selection,
  recounted: RankingRecount,
): Promise<void> => {
  const { to } = selection.window
  for (const type of selection.rule.types) {
    const rule = { ...selection.rule, types: [type] }
    let { from } = selection.window
    let [end] = await ask(db, readSliceEnd(db, type, from, to))
    while (from < to) {
      const [slice, nextEnd] = await ask(
        db,
        recount(db, { ...selection, rule, window: { from, to: end } }),
        readSliceEnd(db, type, end, to),
      )
      recounted.add(slice)
      from = end
      end = nextEnd
    }
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
  held: ReadonlyMap<number, Profile>,
  revision: number,
): Promise<boolean> => {
  const ids = [...held.keys()]
  for (let start = 0; start < ids.length; start += profilesAtATime) {
    const some = ids.slice(start, start + profilesAtATime)
    const [profiles] = await ask(db, readProfiles(db, some, revision))
    if (profiles.some((profile) => !isSameProfile(profile, held.get(profile.id)))) return true
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
    await recountInSlices(db, { rule, window, position, ...everywhere }, recounted)
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
        async (leaderboard): Promise<HeldRanking> => await leaderboard.audit(now),
        async (held: Held) => await compareWith({ place, revision }, held),
      )
    },
    rebuild: async () => await rebuildHeld(stubOf, async (leaderboard) => await leaderboard.rebuild(now)),
  }
}
