import { formatInstant, type Instant } from '../contributions/instant.ts'
import { matchesTag } from '../http/headers.ts'
import type { Reflected } from '../projections/user/UserCounter.ts'
import { LogCounts } from './LogCounts.ts'
import { LogTail } from './LogTail.ts'

/** The maximum size of all answers in memory. */
const bytesMax = 16 * 1024 * 1024

/** The approximate size of an entry besides its text and its address. */
const overheadBytes = 4096

/** The Server-Timing header of an answer from memory. */
const timing = 'memory;dur=0'

/** How long an expired answer is still served while one caller refreshes it. */
const graceMilliseconds = 1000

/**
 * The maximum age of a reused answer about a user. It is limited because an audit that repairs a counter leaves no
 * trace in the log.
 */
const userMilliseconds = 60_000

/** How long an answer is valid: at most until an instant. */
export type Holds =
  | { about: 'many'; until: Instant }
  /** Valid only while this isolate writes nothing, so that a sender finds what it just sent. */
  | { about: 'log'; until: Instant }
  /**
   * Valid only while the tail of the log shows no change to the user; then served with the current instant and the
   * tail's position.
   */
  | { about: 'user'; until: Instant; reflects: Reflected }

/** An answer about many users, which is reused for one second. */
export const forASecond = (now: Instant): Holds => ({ about: 'many', until: now + 1000 })

/** An answer about the log as a whole, which is reused for one second, unless this isolate writes. */
export const aboutLog = (now: Instant): Holds => ({ about: 'log', until: now + 1000 })

/** An answer about one user. undefined if what it reflects is not known, so that it is not kept. */
export const aboutUser = (until: Instant, reflects: Reflected | undefined): Holds | undefined =>
  reflects && { about: 'user', until, reflects }

/** An answer as it was sent, as plain data. */
export interface SentAnswer {
  /** The body; in two parts if `as_of` and `position` are to be inserted between them. */
  text: string | readonly [before: string, after: string]
  asOf: string
  position: number
  /** Whether it is about the present, rather than a past instant. */
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
  /** Built once: building fifteen headers takes the platform as long as everything else. */
  headers: Headers
  notModifiedHeaders: Headers
  requestedAt: Instant
  bytes: number
  isRefreshing: boolean
}

/**
 * The isolate's recent answers, by address. Holds plain data only, because requests must not share promises, streams or
 * bindings. An answer about a user is reused while the tail of the log shows no change to that user; any other answer
 * for a short time only.
 */
export class AnswerMemory {
  readonly logCounts: LogCounts
  #entries = new Map<string, Entry>()
  #bytes = 0
  #tail: LogTail
  /** When an answer about a user was last given from here, or kept. */
  #userReadAt: Instant = -Infinity
  /** Whether users were read twice within a second since the tail was last read: only then is reading it worthwhile. */
  #isTailWanted = false

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#tail = new LogTail(clock)
    this.logCounts = new LogCounts(clock)
  }

  /**
   * Looks up a valid answer to a GET or HEAD request. `writtenAt` says when this isolate last wrote to the log. Returns
   * a function that builds the response, or undefined if there is none.
   */
  find(
    request: Request,
    url: string,
    now: Instant,
    writtenAt: Instant = -Infinity,
  ): (() => Response) | undefined {
    const entry = this.#entries.get(url)
    if (entry === undefined) return undefined
    const { method, headers } = request
    if (entry.headers.has('vary') && /csv/i.test(headers.get('accept') ?? '')) return undefined
    if (!this.#holds(entry, now, writtenAt)) return undefined
    // The map is in order of last use, least recent first.
    this.#entries.delete(url)
    this.#entries.set(url, entry)
    return () => this.#respond(entry, method, headers.get('if-none-match'), now)
  }

  /** Keeps an answer that was sent. */
  keep(url: string, requestedAt: Instant, sent: SentAnswer): void {
    if (sent.holds.until <= requestedAt) return
    if (sent.holds.about === 'user') this.#noteUserRead(requestedAt)
    this.#forget(url)
    const length =
      typeof sent.text === 'string' ? sent.text.length : sent.text[0].length + sent.text[1].length
    const bytes = 2 * (length + url.length) + overheadBytes
    const headers = new Headers({ ...sent.headers, 'server-timing': timing })
    const notModifiedHeaders = new Headers({ ...sent.notModifiedHeaders, 'server-timing': timing })
    this.#entries.set(url, { ...sent, headers, notModifiedHeaders, requestedAt, bytes, isRefreshing: false })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= bytesMax) return
      this.#forget(oldest)
    }
  }

  /** Reads the tail of the log if that is due; otherwise returns undefined. */
  followLog(db: D1Database, now: Instant): Promise<void> | undefined {
    if (!this.#isTailWanted || !this.#tail.isDue(now)) return undefined
    this.#isTailWanted = false
    return this.#tail.read(db, now)
  }

  #holds(entry: Entry, now: Instant, writtenAt: Instant): boolean {
    const { holds, requestedAt } = entry
    if (now < requestedAt) return false
    if (holds.about === 'user') {
      if (now >= Math.min(holds.until, requestedAt + userMilliseconds)) return false
      const isConfirmed = this.#tail.confirms(holds.reflects, requestedAt, now)
      if (isConfirmed) this.#noteUserRead(now)
      return isConfirmed
    }
    if (holds.about === 'log' && requestedAt <= writtenAt) return false
    if (now < holds.until) return true
    const isFirst = !entry.isRefreshing
    entry.isRefreshing = true
    return !isFirst && now < holds.until + graceMilliseconds
  }

  #noteUserRead(now: Instant): void {
    if (now < this.#userReadAt + 1000) this.#isTailWanted = true
    this.#userReadAt = now
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
