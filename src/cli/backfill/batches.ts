import type { Content, Contribution } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { logInputOf, type Message } from '../../ingest/message.ts'
import { itemsMax } from '../../ingest/schemas.ts'
import { joinInputs } from '../../log/append.ts'
import type { LogInput } from '../../log/logInput.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import { readLines, type Input } from '../lines/input.ts'
import type { IgnoredFields } from './ignoredFields.ts'
import { parseLine } from './parseLine.ts'

/** A valid message in a file. */
export interface Source {
  line: number
  /** The length of its line. Limits the size of a batch, and thus of a statement's parameters, which D1 limits to 2 MB. */
  bytes: number
  message: Message
  /** When it was first recorded, if the line comes from an export. */
  recordedAt?: Instant
}

/**
 * Reads the valid messages of a file in order, those of each chunk as a list. Reports invalid lines to `invalid` and
 * unknown fields to `ignored`.
 */
export const readSources = async function* (
  input: Input,
  now: Instant,
  invalid: Pick<InvalidLines, 'add'>,
  onBytes?: (bytes: number) => void,
  ignored?: IgnoredFields,
): AsyncGenerator<Source[]> {
  for await (const lines of readLines(input, onBytes)) {
    const sources: Source[] = []
    for (const line of lines) {
      const parsed = parseLine(line, now)
      if (isFailure(parsed)) {
        await invalid.add(line, parsed.issues)
        continue
      }
      const { unknown, ...contents } = parsed
      if (ignored) for (const field of unknown()) ignored.add(line.number, field)
      sources.push({ line: line.number, bytes: line.text?.length ?? 0, ...contents })
    }
    yield sources
  }
}

/** Messages that are appended in one transaction. */
export interface Batch {
  logInput: LogInput
  /** The line of each contribution of `logInput`. */
  lines: number[]
  /** Valid contributions that are not recorded: spam, and contributions of system accounts. */
  ignored: Contribution[]
  /** The number of amendments that are not recorded, because they name a system account. */
  ignoredAmendments: number
}

/** A larger batch would not be faster per contribution, and would block other writers longer. */
const batchItems = 2 * itemsMax
const batchBytes = 524_288

const keyOf = ({ type, id }: Content): string => `${type} ${id}`

/**
 * The contents that a message is about, and the step in which an append applies it: contributions, then corrections,
 * then amendments.
 */
const stepOf = (message: Message): { step: number; contents: Content[] } => {
  switch (message.type) {
    case 'contribution.created':
      return { step: 0, contents: message.items.map(({ contribution }) => contribution.content) }
    case 'contribution.retracted':
    case 'contribution.restored':
      return { step: 1, contents: message.items.map(({ content }) => content) }
    case 'contribution.amended':
      return { step: 2, contents: message.items.map(({ amendment }) => amendment.content) }
    case 'content.deleted':
    case 'content.undeleted':
    case 'user.updated':
    case 'user.erased':
    case 'coverage.declared':
      return { step: 0, contents: [] }
  }
}

/** Whether a message fits in a batch. `steps` has the latest step for each content in the batch. */
const fits = (source: Source, items: number, bytes: number, steps: ReadonlyMap<string, number>): boolean => {
  const { message } = source
  if (items + message.items.length > batchItems || bytes + source.bytes > batchBytes) return false
  if (steps.size === 0) return true
  // Preserves the order of the file: a message that an append would apply too early goes into the next batch.
  const { step, contents } = stepOf(message)
  return contents.every((content) => (steps.get(keyOf(content)) ?? 0) <= step)
}

/**
 * A contribution in an export has been recorded before, so it is recorded again even if its user is a system account
 * now.
 */
const noSystemUsers: ReadonlySet<number> = new Set()

/** The log input of a message. Items of an export keep the instant at which they were first recorded. */
const logInputFrom = ({ message, recordedAt }: Source, systemUsers: ReadonlySet<number>): LogInput => {
  if (recordedAt === undefined) return logInputOf(message, systemUsers)
  const { contributions, corrections, amendments, ...rest } = logInputOf(message, noSystemUsers)
  return {
    ...rest,
    contributions: contributions.map((each) => Object.assign(each, { recordedAt })),
    corrections: corrections.map((each) => Object.assign(each, { recordedAt })),
    amendments: amendments.map((each) => Object.assign(each, { recordedAt })),
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
    ignoredAmendments:
      messages.flatMap(({ type, items }) => (type === 'contribution.amended' ? items : [])).length -
      inputs.flatMap((input) => input.amendments).length,
  }
}

/** Groups messages, in order, into batches limited in items and bytes. */
export const batchesOf = async function* (
  chunks: AsyncIterable<readonly Source[]>,
  systemUsers: ReadonlySet<number>,
): AsyncGenerator<Batch> {
  let pending: Source[] = []
  let items = 0
  let bytes = 0
  const steps = new Map<string, number>()
  for await (const sources of chunks) {
    for (const source of sources) {
      if (pending.length > 0 && !fits(source, items, bytes, steps)) {
        yield batchOf(pending, systemUsers)
        pending = []
        items = 0
        bytes = 0
        steps.clear()
      }
      const { message } = source
      pending.push(source)
      items += message.items.length
      bytes += source.bytes
      const { step, contents } = stepOf(message)
      if (step > 0) for (const content of contents) steps.set(keyOf(content), step)
    }
  }
  if (pending.length > 0) yield batchOf(pending, systemUsers)
}
