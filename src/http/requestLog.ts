import type { Timing } from './timing.ts'

/** What the log says of a request: never the user it is about, the caller, or its parameters. */
export interface LoggedRequest {
  method: string
  /** The route's pattern, not the path; null where there is none. */
  route: string | null
  status: number
  timing?: Timing
}

/** Writes a line of JSON for a request: Cloudflare's log search knows its fields by name. */
export const logRequest = ({ method, route, status, timing }: LoggedRequest): void => {
  const line = JSON.stringify({ event: 'request', method, route, status, ...timing?.parts() })
  if (status >= 500) console.error(line)
  else console.log(line)
}
