/* A cursor leads onwards only. A tab remembers from which page it came to each page, to lead back. */

const keyOf = (cursor: string): string => `page before ${cursor}`

/** Remembers that the page of a cursor follows another page; undefined is the first. */
export const rememberPage = (cursor: string, previous: string | undefined): void =>
  sessionStorage.setItem(keyOf(cursor), previous ?? '')

/** The page before a cursor's, if this tab has come from there. */
export const previousPageOf = (cursor: string | undefined): { cursor: string | undefined } | undefined => {
  if (cursor === undefined || typeof sessionStorage === 'undefined') return undefined
  const previous = sessionStorage.getItem(keyOf(cursor))
  return previous === null ? undefined : { cursor: previous === '' ? undefined : previous }
}
