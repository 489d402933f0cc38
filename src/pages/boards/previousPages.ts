/* Cursors only lead forwards. To go back, the tab's session storage records which page preceded each page. */

const keyOf = (cursor: string): string => `page before ${cursor}`

/** The tab's session storage; undefined on the server, and where the browser blocks it: then even its name throws. */
const storage = (): Storage | undefined => {
  try {
    return typeof sessionStorage === 'undefined' ? undefined : sessionStorage
  } catch {
    return undefined
  }
}

/** Records the page that precedes the page of a cursor; undefined is the first page. */
export const rememberPage = (cursor: string, previous: string | undefined): void =>
  storage()?.setItem(keyOf(cursor), previous ?? '')

/** The page that precedes the page of a cursor, if this tab came from there. */
export const previousPageOf = (cursor: string | undefined): { cursor: string | undefined } | undefined => {
  const previous = cursor === undefined ? null : storage()?.getItem(keyOf(cursor))
  return previous == null ? undefined : { cursor: previous === '' ? undefined : previous }
}
