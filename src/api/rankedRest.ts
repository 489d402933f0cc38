import type { RankedUser } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { isFailure, type Result } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import type { RestOfTable, Table } from '../http/streamTable.ts'
import { formatCursor, type PageStart, restMax, wholePage } from './moment.ts'
import { scanLog } from './scanLog.ts'

/** The rows of many items, read page by page as needed. */
async function* pagesOf<Item>(
  items: readonly Item[],
  read: (page: readonly Item[]) => Promise<Table['rows']>,
): RestOfTable['pages'] {
  for (let from = 0; from < items.length; from += wholePage)
    yield await read(items.slice(from, from + wholePage))
}

/** The first page of a ranking that is requested as a whole. */
interface FirstPage {
  start: PageStart
  asOf: number
  /** The selection of the whole ranking, pinned to the position of the page. */
  selection: Selection & { position: number }
  last: { count: number; user: Profile }
  /** Only users with at least this count; all by default. */
  min?: number
  /** The page size in the address that continues a truncated list. */
  limit: number
}

/**
 * The rest of a ranking after its first page. One scan ranks all users as of the page's instant and position; profiles
 * are read while rows are sent. Users' flags are those at the time of the scan.
 */
export const readRankedRest = async (
  call: Call<{ at_least: number }>,
  { start, asOf, selection, last, min, limit }: FirstPage,
  read: (users: readonly RankedUser[]) => Promise<Table['rows']>,
): Promise<Result<RestOfTable>> => {
  const after = { count: last.count, userId: last.user.id }
  const scanned = await scanLog(call, async (scans) =>
    scans.ranked(selection, { limit: restMax, after, min }, call.query.at_least),
  )
  if (isFailure(scanned)) return scanned
  const { users, more } = scanned.answer
  const end = more ? users.at(-1) : undefined
  const { position } = selection
  return {
    pages: pagesOf(users, read),
    next: end
      ? {
          cursor: formatCursor(call.request, {
            asOf,
            live: start.live,
            position,
            after: [end.count, end.userId],
          }),
          limit,
        }
      : null,
  }
}
