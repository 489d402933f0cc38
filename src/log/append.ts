import { LogUnavailable } from '../failure.ts'
import type { Instant } from '../contributions/instant.ts'
import { appendContributions, appendLabels, readVerdicts, type Source } from './contributions.ts'
import { appendAmendments, appendCorrections, appendDeletions } from './corrections.ts'
import { declareCoverage } from './coverage.ts'
import { deadlineMilliseconds, readPosition, runBatchWithin, type Query } from './database.ts'
import type { Appended, LogInput } from './logInput.ts'
import { appendUsers, appendUserUpdates, compareUsers } from './users.ts'

/** Concatenates inputs, list by list, in order. */
export const joinInputs = (inputs: readonly LogInput[]): LogInput => ({
  contributions: inputs.flatMap(({ contributions }) => contributions),
  corrections: inputs.flatMap(({ corrections }) => corrections),
  amendments: inputs.flatMap(({ amendments }) => amendments),
  deletions: inputs.flatMap(({ deletions }) => deletions),
  labels: inputs.flatMap(({ labels }) => labels),
  contributors: inputs.flatMap(({ contributors }) => contributors),
  users: inputs.flatMap(({ users }) => users),
  declarations: inputs.flatMap(({ declarations }) => declarations),
})

/** The inverse of `joinInputs`: the outcome of each input, all with the same position. */
export const splitAppended = (appended: Appended, inputs: readonly LogInput[]): Appended[] => {
  const contributions = appended.contributions.values()
  const corrections = appended.corrections.values()
  const amendments = appended.amendments.values()
  const deletions = appended.deletions.values()
  const users = appended.users.values()
  const declarations = appended.declarations.values()
  return inputs.map((input) => ({
    position: appended.position,
    contributions: contributions.take(input.contributions.length).toArray(),
    corrections: corrections.take(input.corrections.length).toArray(),
    amendments: amendments.take(input.amendments.length).toArray(),
    deletions: deletions.take(input.deletions.length).toArray(),
    users: users.take(input.users.length).toArray(),
    declarations: declarations.take(input.declarations.length).toArray(),
  }))
}

/** The query that appends items; without items, one that has no statements. */
const unlessEmpty = <Item, Answer>(
  items: readonly Item[],
  appendItems: (items: readonly Item[]) => Query<Answer>,
): Query<Answer | []> => (items.length === 0 ? { statements: [], read: () => [] } : appendItems(items))

/**
 * Appends to the log, for the webhook and for a backfill, in one D1 batch, which is one transaction. Idempotent: known
 * facts write nothing. If contributions of a large batch were known or repeated, a second call reads the verdicts. Throws
 * LogUnavailable if D1 cannot answer within `milliseconds`, 10 s by default; the input is then written completely or not
 * at all.
 */
export const append = async (
  db: D1Database,
  logInput: LogInput,
  source: Source,
  now: Instant,
  milliseconds = deadlineMilliseconds,
): Promise<Appended> => {
  const startedAt = Date.now()
  const amendedUsers = logInput.amendments.flatMap(({ contributor }) => contributor ?? [])
  const [recorded, corrections, amended, deletions, , newUsers, , users, declarations, position] =
    await runBatchWithin(
      milliseconds,
      db,
      appendContributions(db, logInput.contributions, source, now),
      unlessEmpty(logInput.corrections, (items) => appendCorrections(db, items, now)),
      unlessEmpty(logInput.amendments, (items) => appendAmendments(db, items, now)),
      unlessEmpty(logInput.deletions, (items) => appendDeletions(db, items)),
      unlessEmpty(logInput.labels, (items) => appendLabels(db, items)),
      unlessEmpty(amendedUsers, (items) => compareUsers(db, items)),
      unlessEmpty(logInput.contributors, (items) => appendUsers(db, items)),
      unlessEmpty(logInput.users, (items) => appendUserUpdates(db, items)),
      unlessEmpty(logInput.declarations, (items) => declareCoverage(db, items)),
      readPosition(db),
    )
  const areNew = newUsers.values()
  const amendments = amended.map((isNew, index) => {
    const isNewUser = logInput.amendments[index]?.contributor !== undefined && areNew.next().value === true
    return isNew || isNewUser
  })
  const left = milliseconds - (Date.now() - startedAt)
  const contributions = await readVerdicts(db, logInput.contributions, recorded, left)
  return { position, contributions, corrections, amendments, deletions, users, declarations }
}

/** The largest batch of several messages. A larger one would make later messages wait longer. */
const batchBytesMax = 262_144
const batchItemsMax = 2000

/** The maximum size of all waiting messages. Beyond it, D1 has fallen behind and messages are refused. */
const waitingBytesMax = 4_194_304

/** The size of a message. */
interface Size {
  bytes: number
  items: number
}

/** How many of these messages, the oldest first, go together: at most 256 KiB and 2,000 items, but at least one. */
export const batchLengthOf = (messages: readonly Size[]): number => {
  const sum = { bytes: 0, items: 0 }
  const beyond = messages.findIndex(({ bytes, items }, index) => {
    sum.bytes += bytes
    sum.items += items
    return index > 0 && (sum.bytes > batchBytesMax || sum.items > batchItemsMax)
  })
  return beyond === -1 ? messages.length : beyond
}

/** A message waiting for its batch. */
interface Waiting extends Size {
  logInput: LogInput
  now: Instant
  resolve: (appended: Appended) => void
  reject: (reason: unknown) => void
}

/**
 * Appends one batch at a time. Messages that arrive while a batch is in flight form the next batch. Otherwise a message
 * is appended immediately. If a batch fails with LogUnavailable, all waiting messages fail with it, because they would
 * meet the same outage.
 */
export class AppendQueue {
  #append: (logInput: LogInput, now: Instant) => Promise<Appended>
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #isAppending = false

  constructor(appendBatch: (logInput: LogInput, now: Instant) => Promise<Appended>) {
    this.#append = appendBatch
  }

  /**
   * Resolves after the commit. Rejects with the error of its batch, or with LogUnavailable if too many messages are
   * waiting.
   */
  async append(logInput: LogInput, now: Instant, { bytes, items }: Size): Promise<Appended> {
    if (this.#waitingBytes + bytes > waitingBytesMax)
      throw new LogUnavailable('Too many messages are waiting')
    const { promise, resolve, reject } = Promise.withResolvers<Appended>()
    this.#waiting.push({ logInput, now, bytes, items, resolve, reject })
    this.#waitingBytes += bytes
    if (!this.#isAppending) void this.#appendWaiting()
    return await promise
  }

  async #appendWaiting(): Promise<void> {
    this.#isAppending = true
    while (this.#waiting.length > 0) {
      await this.#appendBatch(this.#take(batchLengthOf(this.#waiting)))
    }
    this.#isAppending = false
  }

  async #appendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const inputs = batch.map(({ logInput }) => logInput)
      const appended = await this.#append(joinInputs(inputs), Math.max(...batch.map(({ now }) => now)))
      for (const [index, each] of splitAppended(appended, inputs).entries()) batch[index]?.resolve(each)
    } catch (error) {
      const failed = error instanceof LogUnavailable ? [...batch, ...this.#takeAll()] : batch
      for (const { reject } of failed) reject(error)
    }
  }

  #takeAll(): Waiting[] {
    return this.#take(this.#waiting.length)
  }

  #take(count: number): Waiting[] {
    const taken = this.#waiting.splice(0, count)
    for (const { bytes } of taken) this.#waitingBytes -= bytes
    return taken
  }
}
