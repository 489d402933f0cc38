import { createHash } from 'node:crypto'
import type { UserEventRow } from '../../log/queries/events.ts'

/** A digest of a user's events in position order, in constant memory: equal for the same events, and only for them. */
export class EventDigest {
  #hash = createHash('sha256')

  add(event: Omit<UserEventRow, 'entry'>): void {
    const facts = [
      event.position,
      event.contribution,
      event.delta,
      event.type,
      event.occurred_at,
      event.content_type,
      event.content_id,
      event.parent_type,
      event.parent_id,
      event.locale,
      event.product,
      event.self,
    ]
    this.#hash.update(`${JSON.stringify(facts)}\n`)
  }

  /** The digest of all added events. No more can be added afterwards. */
  finish(): string {
    return this.#hash.digest('base64url')
  }
}
