import { responseTypes } from '../definitions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Result } from '../failure.ts'
import { runBatch } from '../log/database.ts'
import { readHead } from '../log/head.ts'
import { recountEntries, recountSystemUsers } from '../log/queries/audit.ts'
import { checksumModulus, type TypeSums } from '../projections/columns/columnSums.ts'
import type { StoredColumns } from '../projections/columns/LogColumns.ts'
import { logColumnsOf } from '../projections/objects.ts'
import {
  compareStored,
  rebuildStored,
  type AuditTarget,
  type Comparison,
  type Difference,
} from './auditTarget.ts'

/** Entries per query. */
const sliceEntries = 50_000

const recount = async (db: D1Database, position: number): Promise<Map<string, TypeSums>> => {
  const recounted = new Map<string, TypeSums>()
  for (let after = 0; after < position; after += sliceEntries) {
    const range = { after, upTo: Math.min(after + sliceEntries, position) }
    const [slice] = await runBatch(db, recountEntries(db, range, responseTypes ?? {}))
    for (const { type, entries, standing, checksum } of slice) {
      const before = recounted.get(type) ?? { type, entries: 0, standing: 0, checksum: 0 }
      recounted.set(type, {
        type,
        entries: before.entries + entries,
        standing: before.standing + standing,
        checksum: (before.checksum + checksum) % checksumModulus,
      })
    }
  }
  return recounted
}

const textOf = (sums: Iterable<TypeSums>): string =>
  [...sums]
    .map(({ type, entries, standing, checksum }) => JSON.stringify([type, entries, standing, checksum]))
    .sort()
    .join()

const sortedText = (ids: readonly number[]): string => ids.toSorted((one, other) => one - other).join()

const compare = async (db: D1Database, stored: StoredColumns | null): Promise<Comparison | undefined> => {
  if (stored === null) return undefined
  const recounted = await recount(db, stored.position)
  const [users, { continues }] = await runBatch(db, recountSystemUsers(db), readHead(db, stored.seen))
  if (!continues) return undefined
  const differs: Difference[] = textOf(recounted.values()) === textOf(stored.sums) ? [] : ['entries']
  // Flags have no position. If users have changed since, the comparison is left to the next audit.
  const isComparable = users.revision === stored.revision
  if (isComparable && sortedText(users.systemUsers) !== sortedText(stored.systemUsers))
    differs.push('system accounts')
  return { differs, eventsRead: 0 }
}

/** The columns of the log, as an audit target. Not compared until they have been built by a first request. */
export const auditedColumns = (env: Pick<Env, 'DB' | 'LOG_COLUMNS'>, now: Instant): AuditTarget => {
  const stubOf = () => logColumnsOf(env)
  return {
    kind: 'community',
    name: 'columns',
    compare: async () =>
      await compareStored(
        stubOf,
        async (columns): Promise<Result<StoredColumns | null>> => await columns.audit(now),
        async (stored) => await compare(env.DB, stored),
      ),
    rebuild: async () => await rebuildStored(stubOf, async (columns) => await columns.rebuild(now)),
  }
}
