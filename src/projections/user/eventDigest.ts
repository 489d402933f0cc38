import { createHash } from 'node:crypto'
import type { UserEventRow } from '../../log/queries/events.ts'

/** The values of an event, in the column order of a counter's `events` table. */
export const valuesOf = (event: Omit<UserEventRow, 'entry'>): (string | number | null)[] => [
  event.occurred_at,
  event.contribution,
  event.position,
  event.delta,
  event.type,
  event.content_type,
  event.content_id,
  event.parent_type,
  event.parent_id,
  event.locale,
  event.product,
  event.self,
]

/** Hashes a user's events, added in position order, in constant memory. */
export class EventDigest {
  #hash = createHash('sha256')

  add(event: Omit<UserEventRow, 'entry'>): void {
    this.#hash.update(`${JSON.stringify(valuesOf(event))}\n`)
  }

  /** The digest of all added events. No events can be added afterwards. */
  finish(): string {
    return this.#hash.digest('base64url')
  }
}
