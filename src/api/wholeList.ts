import type { Call } from '../http/endpoint.ts'
import type { RestOfTable, Table } from '../http/streamTable.ts'

/** The most rows of a list that one answer has. */
const wholeMax = 100_000

/** How many rows of a whole list are read at a time. */
export const wholePage = 1000

/** The rows of a whole list after its first page. */
export const restMax = wholeMax - wholePage

/** Whether a caller wants the whole list: with the suffix `.csv`, and without a parameter that selects a page. */
export const isWhole = ({ csvSuffix, url }: Call): boolean =>
  csvSuffix && !['limit', 'cursor', 'around'].some((name) => url.searchParams.has(name))

/** The rows of many items, of which a page is read when it is needed. */
export async function* pagesOf<Item>(
  items: readonly Item[],
  read: (page: readonly Item[]) => Promise<Table['rows']>,
): RestOfTable['pages'] {
  for (let from = 0; from < items.length; from += wholePage)
    yield await read(items.slice(from, from + wholePage))
}
