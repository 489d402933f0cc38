import { createHash } from 'node:crypto'
import type { UserEventRow } from '../../log/queries/events.ts'

/**
 * A digest of a user's events in position order, taken one after the other in constant memory: two holders of the
 * same events agree on it, and of different ones they do not.
 */
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

  /** Of all that was added; nothing can be added any more. */
  finish(): string {
    return this.#hash.digest('base64url')
  }
}
