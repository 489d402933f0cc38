import type { Call } from '../http/endpoint.ts'
import type { RestOfTable, Table } from '../http/streamTable.ts'

/** The maximum number of rows in one answer. */
const wholeMax = 100_000

/** The number of rows of a whole list per read. */
export const wholePage = 1000

/** The maximum number of rows after the first page. */
export const restMax = wholeMax - wholePage

/** Whether the whole list is requested: the path ends in `.csv`, and no parameter selects a page. */
export const isWhole = ({ csvSuffix, url }: Call): boolean =>
  csvSuffix && !['limit', 'cursor', 'around'].some((name) => url.searchParams.has(name))

/** The rows of many items, read page by page as needed. */
export async function* pagesOf<Item>(
  items: readonly Item[],
  read: (page: readonly Item[]) => Promise<Table['rows']>,
): RestOfTable['pages'] {
  for (let from = 0; from < items.length; from += wholePage)
    yield await read(items.slice(from, from + wholePage))
}
