import { formatInstant, type Instant } from '../contributions/instant.ts'
import { matchesTag } from '../http/headers.ts'
import { logAnswersFromMemory } from '../http/requestLog.ts'
import { LogTail, type Reflected } from './LogTail.ts'

/** The bytes of all answers in memory. */
const bytesMax = 16 * 1024 * 1024

/** About what an answer takes besides its text and its address. */
const overheadBytes = 4096

/** The header Server-Timing of an answer from memory, which waited for nothing. */
const timing = 'memory;dur=0'

/** Answers from memory are logged by their number, a line every ten seconds. */
const countMilliseconds = 10_000

/** How long callers get an answer that holds no longer, while one of them reads it again. */
const graceMilliseconds = 1000

/** How long an answer about a user is given again: an audit that repairs a counter leaves no trace in the log. */
const userMilliseconds = 60_000

/** For how long an answer holds: until an instant, by the clock. */
export type Holds =
  | { about: 'many'; until: Instant }
  /** Only while the log's tail vouches for it, and then for the present and the tail's position. */
  | { about: 'user'; until: Instant; reflects: Reflected }

/** An answer about many users may be a second old when it is given again. */
export const forASecond = (now: Instant): Holds => ({ about: 'many', until: now + 1000 })

/** An answer about a user; undefined, so that it is not kept, if it does not say what it reflects. */
export const aboutUser = (until: Instant, reflects: Reflected | undefined): Holds | undefined =>
  reflects && { about: 'user', until, reflects }

/** An answer as it was sent, as plain data. */
export interface SentAnswer {
  /** The body; in two parts if `as_of` and `position` stand between them. */
  text: string | readonly [before: string, after: string]
  asOf: string
  position: number
  /** Whether it is for the present, not for an instant in the past. */
  live: boolean
  etag: string | undefined
  headers: Readonly<Record<string, string>>
  /** The headers of a 304. */
  notModifiedHeaders: Readonly<Record<string, string>>
  /** Whether `as_of` and `position` are headers too. */
  momentInHeaders: boolean
  holds: Holds
}

interface Entry extends Omit<SentAnswer, 'headers' | 'notModifiedHeaders'> {
  /** Made once, because the platform takes as long for fifteen headers as for everything else. */
  headers: Headers
  notModifiedHeaders: Headers
  askedAt: Instant
  bytes: number
  isBeingReadAgain: boolean
}

/**
 * The answers that this isolate gave lately, by address. It holds plain data only: requests must not share promises,
 * streams or bindings. An answer about a user is given again while the tail of the log vouches for it; any other for a
 * short time only.
 */
export class AnswerMemory {
  #entries = new Map<string, Entry>()
  #bytes = 0
  #tail: LogTail
  #answered = { count: 0, since: -Infinity }
  /** When an answer about a user was last found here, whether the tail vouched for it or not. */
  #userFoundAt: Instant = -Infinity
  /** Whether that happened twice within a second since the tail was read: only then does reading it pay. */
  #isTailWanted = false

  /** `clock` gives the present, also while a request waits. */
  constructor(clock: () => Instant) {
    this.#tail = new LogTail(clock)
  }

  /** Gives the answer to a GET or HEAD request for JSON, when it is called; undefined if none that still holds is kept. */
  find(request: Request, url: string, now: Instant): (() => Response) | undefined {
    const entry = this.#entries.get(url)
    if (entry === undefined || !this.#holds(entry, now)) return undefined
    const { method, headers } = request
    if (entry.headers.has('vary') && /csv/i.test(headers.get('accept') ?? '')) return undefined
    // The first of the map is the one that was used the longest time ago.
    this.#entries.delete(url)
    this.#entries.set(url, entry)
    return () => {
      this.#countAnswer(now)
      return this.#respond(entry, method, headers.get('if-none-match'), now)
    }
  }

  /** Keeps the answer that was given to a request. */
  keep(url: string, askedAt: Instant, sent: SentAnswer): void {
    if (sent.holds.until <= askedAt) return
    this.#forget(url)
    const length =
      typeof sent.text === 'string' ? sent.text.length : sent.text[0].length + sent.text[1].length
    const bytes = 2 * (length + url.length) + overheadBytes
    const headers = new Headers({ ...sent.headers, 'server-timing': timing })
    const notModifiedHeaders = new Headers({ ...sent.notModifiedHeaders, 'server-timing': timing })
    this.#entries.set(url, { ...sent, headers, notModifiedHeaders, askedAt, bytes, isBeingReadAgain: false })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= bytesMax) return
      this.#forget(oldest)
    }
  }

  /** Reads the tail of the log if that is due; undefined if not. */
  followLog(db: D1Database, now: Instant): Promise<void> | undefined {
    if (!this.#isTailWanted || !this.#tail.isDue(now)) return undefined
    this.#isTailWanted = false
    return this.#tail.read(db, now)
  }

  #holds(entry: Entry, now: Instant): boolean {
    const { holds, askedAt } = entry
    if (now < askedAt) return false
    if (holds.about === 'user') {
      if (now >= Math.min(holds.until, askedAt + userMilliseconds)) return false
      if (now < this.#userFoundAt + 1000) this.#isTailWanted = true
      this.#userFoundAt = now
      return this.#tail.vouchesFor(holds.reflects, askedAt, now)
    }
    if (now < holds.until) return true
    const isFirst = !entry.isBeingReadAgain
    entry.isBeingReadAgain = true
    return !isFirst && now < holds.until + graceMilliseconds
  }

  #countAnswer(now: Instant): void {
    this.#answered.count += 1
    if (now < this.#answered.since + countMilliseconds) return
    logAnswersFromMemory(this.#answered.count)
    this.#answered = { count: 0, since: now }
  }

  #respond(entry: Entry, method: string, ifNoneMatch: string | null, now: Instant): Response {
    const { text, etag, holds, live, momentInHeaders } = entry
    const asOf = holds.about === 'user' && live ? formatInstant(now) : entry.asOf
    const position = holds.about === 'user' ? Math.max(entry.position, this.#tail.position) : entry.position
    const isModified = etag === undefined || ifNoneMatch === null || !matchesTag(ifNoneMatch, etag)
    const kept = isModified ? entry.headers : entry.notModifiedHeaders
    const headers = momentInHeaders ? new Headers(kept) : kept
    if (momentInHeaders) {
      headers.set('perennial-as-of', asOf)
      headers.set('perennial-position', String(position))
    }
    if (!isModified) return new Response(null, { status: 304, headers })
    if (method === 'HEAD') return new Response(null, { headers })
    const body =
      typeof text === 'string' ? text : `${text[0]}"as_of":"${asOf}","position":${position}${text[1]}`
    return new Response(body, { headers })
  }

  #forget(url: string): void {
    const entry = this.#entries.get(url)
    if (entry === undefined) return
    this.#entries.delete(url)
    this.#bytes -= entry.bytes
  }
}
