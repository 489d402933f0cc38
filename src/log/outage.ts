/** D1's own phrases for why it cannot answer (developers.cloudflare.com/d1/observability/debug-d1). */
const phrases =
  /overloaded|exceeded (?:timeout|its memory limit|its CPU time limit)|network connection lost|caused object to be reset|code was updated|cannot resolve D1 DB|can't read from request stream|SQLITE_BUSY|SQLITE_LOCKED|database is locked|session commit token/i

/** The phrase in an error of D1's, and nothing else of it: the rest may quote a statement, and so somebody's data. */
export const reasonOf = (message: string): string => phrases.exec(message)?.[0].toLowerCase() ?? 'unknown'

/** Writes a line of JSON about what could not answer, so that an outage shows although readers are served without it. */
export const logOutage = (of: 'log' | 'object', reason: string): void =>
  console.error(JSON.stringify({ event: 'unavailable', of, reason }))
