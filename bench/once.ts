import { CommandFailure } from '../src/cli/command.ts'

/** The cost of one request. */
export interface Cost {
  milliseconds: number
  rowsRead: number
  body: string
}

const rowsRead = async (url: URL): Promise<number> => {
  const response = await fetch(new URL('/bench/rows', url))
  const rows: { d1Read: number } = await response.json()
  return rows.d1Read
}

/** Sends each query once, sequentially. Throws a CommandFailure if one fails. */
export const measureOnce = async <Query extends { path: string }>(
  url: URL,
  queries: readonly Query[],
): Promise<(Query & Cost)[]> => {
  const costs: (Query & Cost)[] = []
  for (const query of queries) {
    const { path } = query
    const before = await rowsRead(url)
    const startedAt = performance.now()
    const response = await fetch(new URL(path, url))
    const body = await response.text()
    const milliseconds = performance.now() - startedAt
    if (!response.ok) throw new CommandFailure(`Cannot measure: ${path} answered ${response.status}`)
    costs.push({ ...query, milliseconds, rowsRead: (await rowsRead(url)) - before, body })
  }
  return costs
}

/** The cost of a ranking's first answer, for which it is built from the log. */
export interface ColdStart extends Cost {
  path: string
  total: number
}

/** Measures reads of rankings that no object has built yet. */
export const measureColdStarts = async (url: URL, paths: readonly string[]): Promise<ColdStart[]> => {
  const costs = await measureOnce(
    url,
    paths.map((path) => ({ path })),
  )
  return costs.map((cost) => {
    const { total }: { total: number } = JSON.parse(cost.body)
    return { ...cost, total }
  })
}
