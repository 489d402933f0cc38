import { createHash } from 'node:crypto'
import type { UserEventRow } from '../../log/queries/events.ts'

/** The values of an event, in the order of the columns of a counter's `events`. */
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

/** A digest of a user's events in position order, in constant memory: equal for the same events, and only for them. */
export class EventDigest {
  #hash = createHash('sha256')

  add(event: Omit<UserEventRow, 'entry'>): void {
    this.#hash.update(`${JSON.stringify(valuesOf(event))}\n`)
  }

  /** The digest of all added events. No more can be added afterwards. */
  finish(): string {
    return this.#hash.digest('base64url')
  }
}
