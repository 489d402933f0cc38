import type { Content, Contribution } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { logInputOf, type Message } from '../../ingest/message.ts'
import { itemsMax } from '../../ingest/schemas.ts'
import { joinInputs, type LogInput } from '../../log/append.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import { readLines, type Input } from '../lines/input.ts'
import type { IgnoredFields } from './ignoredFields.ts'
import { parseLine } from './parseLine.ts'

/** A valid message of a file. */
export interface Source {
  line: number
  /** The length of its line. It bounds a batch, and so the parameters of a statement, which D1 limits to 2 MB. */
  bytes: number
  message: Message
  /** When it was first recorded, according to an export. */
  recordedAt?: Instant
}

/** Reads the valid messages of a file in order. Reports invalid lines to `invalid` and unknown fields to `ignored`. */
export const readSources = async function* (
  input: Input,
  now: Instant,
  invalid: Pick<InvalidLines, 'add'>,
  onBytes?: (bytes: number) => void,
  ignored?: IgnoredFields,
): AsyncGenerator<Source> {
  for await (const line of readLines(input, onBytes)) {
    const parsed = parseLine(line, now)
    if (isFailure(parsed)) {
      await invalid.add(line, parsed.issues)
      continue
    }
    const { unknown, ...contents } = parsed
    if (ignored) for (const field of unknown) ignored.add(line.number, field)
    yield { line: line.number, bytes: line.text?.length ?? 0, ...contents }
  }
}

/** Messages that are appended in one transaction. */
export interface Batch {
  logInput: LogInput
  /** The line of each contribution of `logInput`. */
  lines: number[]
  /** Valid contributions that are not recorded: spam, and those of system accounts. */
  ignored: Contribution[]
  /** Deleted contents, which are acknowledged but not recorded. */
  deletions: number
}

/** A larger batch takes as long per contribution, and blocks other writers longer. */
const batchItems = 2 * itemsMax
const batchBytes = 524_288

const keyOf = ({ type, id }: Content): string => `${type} ${id}`

const fits = (source: Source, items: number, bytes: number, corrected: ReadonlySet<string>): boolean => {
  const { message } = source
  if (items + message.items.length > batchItems || bytes + source.bytes > batchBytes) return false
  // An append applies contributions before corrections, so a correction that comes first in the file needs its own batch.
  return (
    corrected.size === 0 ||
    message.type !== 'contribution.created' ||
    !message.items.some(({ contribution }) => corrected.has(keyOf(contribution.content)))
  )
}

/** A contribution in an export was recorded once, so it is recorded again even if its user is a system account now. */
const noSystemUsers: ReadonlySet<number> = new Set()

/** What a message appends. Items of an export keep the date on which they were recorded. */
const logInputFrom = ({ message, recordedAt }: Source, systemUsers: ReadonlySet<number>): LogInput => {
  if (recordedAt === undefined) return logInputOf(message, systemUsers)
  const { contributions, corrections, ...rest } = logInputOf(message, noSystemUsers)
  return {
    ...rest,
    contributions: contributions.map((each) => Object.assign(each, { recordedAt })),
    corrections: corrections.map((each) => Object.assign(each, { recordedAt })),
  }
}

const batchOf = (sources: readonly Source[], systemUsers: ReadonlySet<number>): Batch => {
  const inputs = sources.map((source) => logInputFrom(source, systemUsers))
  const logInput = joinInputs(inputs)
  const recorded = new Set<Contribution>(logInput.contributions)
  const messages = sources.map(({ message }) => message)
  return {
    logInput,
    lines: sources.flatMap(({ line }, index) => (inputs[index]?.contributions ?? []).map(() => line)),
    ignored: messages
      .flatMap((message) => (message.type === 'contribution.created' ? message.items : []))
      .flatMap(({ contribution }) => (recorded.has(contribution) ? [] : [contribution])),
    deletions: messages.flatMap(({ type, items }) => (type === 'content.deleted' ? items : [])).length,
  }
}

/** Joins messages, in order, into batches of limited items and bytes. */
export const batchesOf = async function* (
  sources: AsyncIterable<Source>,
  systemUsers: ReadonlySet<number>,
): AsyncGenerator<Batch> {
  let pending: Source[] = []
  let items = 0
  let bytes = 0
  const corrected = new Set<string>()
  for await (const source of sources) {
    if (pending.length > 0 && !fits(source, items, bytes, corrected)) {
      yield batchOf(pending, systemUsers)
      pending = []
      items = 0
      bytes = 0
      corrected.clear()
    }
    const { message } = source
    pending.push(source)
    items += message.items.length
    bytes += source.bytes
    if (message.type === 'contribution.retracted' || message.type === 'contribution.restored') {
      for (const { content } of message.items) corrected.add(keyOf(content))
    }
  }
  if (pending.length > 0) yield batchOf(pending, systemUsers)
}
