import type { Instant } from '../contributions/instant.ts'
import { recountTotals } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead } from '../log/head.ts'
import type { HeldSummary, LogSummary } from '../projections/summary/LogSummary.ts'
import { compareHeld, rebuildHeld, type AuditTarget, type Comparison } from './auditTarget.ts'

/** Events summed up at a time. */
const sliceEvents = 50_000

type Held = Extract<HeldSummary, { status: 'found' }>

const compareWith = async (db: D1Database, held: Held): Promise<Comparison> => {
  let contributions = 0
  const instants: number[] = []
  for (let after = 0; after < held.position; after += sliceEvents) {
    const [slice] = await runBatch(db, recountTotals(db, after, Math.min(after + sliceEvents, held.position)))
    contributions += slice.contributions
    instants.push(...[slice.firstEventAt, slice.lastEventAt].filter((instant) => instant !== null))
  }
  const [{ continues }] = await runBatch(db, readHead(db, held.seen))
  if (!continues) return { status: 'not compared' }
  const [first, last] = instants.length === 0 ? [null, null] : [Math.min(...instants), Math.max(...instants)]
  const { totals } = held
  const isSame =
    totals.contributions === contributions && totals.firstEventAt === first && totals.lastEventAt === last
  return { status: 'compared', differs: isSame ? [] : ['totals'], eventsRead: 0 }
}

/** The log in numbers, as `/v1/status` shows it, for an audit. */
export const auditedSummary = (
  db: D1Database,
  summaries: DurableObjectNamespace<LogSummary>,
  now: Instant,
): AuditTarget => {
  const stubOf = (): DurableObjectStub<LogSummary> => summaries.getByName('log')
  return {
    kind: 'status',
    name: 'totals',
    compare: async () =>
      await compareHeld(
        stubOf,
        async (summary): Promise<HeldSummary> => await summary.audit(now),
        async (held: Held) => await compareWith(db, held),
      ),
    rebuild: async () => await rebuildHeld(stubOf, async (summary) => await summary.rebuild(now)),
  }
}
