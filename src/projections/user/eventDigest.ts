import { createHash } from 'node:crypto'
import { userEventColumns, type UserEventRow } from '../../log/queries/events.ts'

/** Hashes a user's events, added in position order, in constant memory. */
export class EventDigest {
  #hash = createHash('sha256')

  add(event: UserEventRow): void {
    this.#hash.update(`${JSON.stringify(userEventColumns.map((column) => event[column]))}\n`)
  }

  /** The digest of all added events. No events can be added afterwards. */
  finish(): string {
    return this.#hash.digest('base64url')
  }
}
