import type { Content, Contribution } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import { appendageOf } from '../../ingest/appendage.ts'
import { itemsMax, type Message } from '../../ingest/message.ts'
import { nothing, type Appendage } from '../../log/append.ts'

/** A valid message and where it stands. */
export interface Source {
  line: number
  /** The length of its line: what bounds a batch, and with it D1's parameters of at most 2 MB. */
  bytes: number
  message: Message
  /** When an export says that it was first recorded. */
  recordedAt?: Instant
}

/** Messages that are appended together. */
export interface Batch {
  appendage: Appendage
  /** The line of each contribution of the appendage. */
  lines: number[]
  /** Contributions that are not recorded although nothing is wrong with them. */
  ignored: Contribution[]
  /** Messages that only acknowledge: what they name. */
  deletions: number
}

/** What fills one D1 batch well: beyond this it takes as long a contribution, and locks others out longer. */
const batchItems = 2 * itemsMax
const batchBytes = 524_288

const keyOf = ({ type, id }: Content): string => `${type} ${id}`

const joinable = (source: Source, items: number, bytes: number, corrected: ReadonlySet<string>): boolean => {
  const { message } = source
  if (items + message.items.length > batchItems || bytes + source.bytes > batchBytes) return false
  // An append takes contributions before corrections; the file says that here a correction came first.
  return (
    corrected.size === 0 ||
    message.type !== 'contribution.created' ||
    !message.items.some(({ contribution }) => corrected.has(keyOf(contribution.content)))
  )
}

/** What was recorded once is recorded again, whoever is listed as a system account now. */
const noSystemUsers: ReadonlySet<number> = new Set()

/** What a message appends, each item dated as the export dates it. */
const appendageIn = ({ message, recordedAt }: Source, systemUsers: ReadonlySet<number>): Appendage => {
  if (recordedAt === undefined) return appendageOf(message, systemUsers)
  const { contributions, corrections, ...rest } = appendageOf(message, noSystemUsers)
  return {
    ...rest,
    contributions: contributions.map((each) => Object.assign(each, { recordedAt })),
    corrections: corrections.map((each) => Object.assign(each, { recordedAt })),
  }
}

const batchOf = (sources: readonly Source[], systemUsers: ReadonlySet<number>): Batch => {
  const appendage = {
    contributions: [...nothing.contributions],
    contributors: [...nothing.contributors],
    corrections: [...nothing.corrections],
    users: [...nothing.users],
    declarations: [...nothing.declarations],
  }
  const batch: Batch = { appendage, lines: [], ignored: [], deletions: 0 }
  for (const source of sources) {
    const { line, message } = source
    const own = appendageIn(source, systemUsers)
    appendage.contributions.push(...own.contributions)
    appendage.contributors.push(...own.contributors)
    appendage.corrections.push(...own.corrections)
    appendage.users.push(...own.users)
    appendage.declarations.push(...own.declarations)
    for (const _ of own.contributions) batch.lines.push(line)
    if (message.type === 'content.deleted') batch.deletions += message.items.length
    if (message.type === 'contribution.created' && own.contributions.length < message.items.length) {
      const kept = new Set(own.contributions)
      batch.ignored.push(
        ...message.items.flatMap(({ contribution }) => (kept.has(contribution) ? [] : [contribution])),
      )
    }
  }
  return batch
}

/** Joins messages, in their order, into batches bounded in items and in bytes. */
export const batchesOf = async function* (
  sources: AsyncIterable<Source>,
  systemUsers: ReadonlySet<number>,
): AsyncGenerator<Batch> {
  let held: Source[] = []
  let items = 0
  let bytes = 0
  const corrected = new Set<string>()
  for await (const source of sources) {
    if (held.length > 0 && !joinable(source, items, bytes, corrected)) {
      yield batchOf(held, systemUsers)
      held = []
      items = 0
      bytes = 0
      corrected.clear()
    }
    const { message } = source
    held.push(source)
    items += message.items.length
    bytes += source.bytes
    if (message.type === 'contribution.retracted' || message.type === 'contribution.restored') {
      for (const { content } of message.items) corrected.add(keyOf(content))
    }
  }
  if (held.length > 0) yield batchOf(held, systemUsers)
}
