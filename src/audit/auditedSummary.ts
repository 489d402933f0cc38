import type { Instant } from '../contributions/instant.ts'
import { recountTotals } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead } from '../log/head.ts'
import type { Result } from '../failure.ts'
import { logSummaryOf } from '../projections/objects.ts'
import type { StoredSummary } from '../projections/summary/LogSummary.ts'
import { compareStored, rebuildStored, type AuditTarget, type Comparison } from './auditTarget.ts'

/** Events per query. */
const sliceEvents = 50_000

const compareTotals = async (db: D1Database, stored: StoredSummary): Promise<Comparison | undefined> => {
  let contributions = 0
  const instants: number[] = []
  for (let after = 0; after < stored.position; after += sliceEvents) {
    const [slice] = await runBatch(
      db,
      recountTotals(db, after, Math.min(after + sliceEvents, stored.position)),
    )
    contributions += slice.contributions
    instants.push(...[slice.firstEventAt, slice.lastEventAt].filter((instant) => instant !== null))
  }
  const [{ continues }] = await runBatch(db, readHead(db, stored.seen))
  if (!continues) return undefined
  const [first, last] = instants.length === 0 ? [null, null] : [Math.min(...instants), Math.max(...instants)]
  const { totals } = stored
  const isSame =
    totals.contributions === contributions && totals.firstEventAt === first && totals.lastEventAt === last
  return { differs: isSame ? [] : ['totals'], eventsRead: 0 }
}

/** The totals that `/v1/status` shows, as an audit target. */
export const auditedSummary = (env: Pick<Env, 'DB' | 'LOG_SUMMARY'>, now: Instant): AuditTarget => {
  const stubOf = () => logSummaryOf(env)
  return {
    kind: 'status',
    name: 'totals',
    compare: async () =>
      await compareStored(
        stubOf,
        async (summary): Promise<Result<StoredSummary>> => await summary.audit(now),
        async (stored) => await compareTotals(env.DB, stored),
      ),
    rebuild: async () => await rebuildStored(stubOf, async (summary) => await summary.rebuild(now)),
  }
}
