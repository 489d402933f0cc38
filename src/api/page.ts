import type { Instant } from '../contributions/instant.ts'
import { invalidParameter, isProblem, type Problem } from '../http/problem.ts'
import { parseCursor } from './cursor.ts'
import { momentOf, type Moment } from './parameters.ts'

/** The moment, the position and the place that a page of a list is for. */
export interface Page extends Moment {
  /** The position that the first page reflected; undefined on the first page. */
  position: number | undefined
  after: [number, number] | undefined
}

/** Reads `cursor` and `as_of` together: a cursor pins the moment, and an `as_of` beside it must be the same. */
export const pageOf = (
  request: Request,
  query: { cursor?: string | undefined; as_of?: Instant | undefined },
  now: Instant,
): Page | Problem => {
  if (query.cursor === undefined) {
    const moment = momentOf(query.as_of, now)
    return isProblem(moment) ? moment : { ...moment, position: undefined, after: undefined }
  }
  const cursor = parseCursor(request, query.cursor, now)
  if (isProblem(cursor)) return cursor
  const expected = cursor.live ? undefined : cursor.asOf
  if (query.as_of !== undefined && query.as_of !== expected) {
    return invalidParameter('as_of', 'Cannot change as_of from page to page: leave it out, or keep it')
  }
  return cursor
}
