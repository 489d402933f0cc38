/* Cursors only lead forwards. To go back, the tab's session storage records which page preceded each page. */

const keyOf = (cursor: string): string => `page before ${cursor}`

/** Records the page that precedes the page of a cursor; undefined is the first page. */
export const rememberPage = (cursor: string, previous: string | undefined): void =>
  sessionStorage.setItem(keyOf(cursor), previous ?? '')

/** The page that precedes the page of a cursor, if this tab came from there. */
export const previousPageOf = (cursor: string | undefined): { cursor: string | undefined } | undefined => {
  if (cursor === undefined || typeof sessionStorage === 'undefined') return undefined
  const previous = sessionStorage.getItem(keyOf(cursor))
  return previous === null ? undefined : { cursor: previous === '' ? undefined : previous }
}
