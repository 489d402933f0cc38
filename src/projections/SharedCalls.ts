import type { Instant } from '../contributions/instant.ts'
import { within } from '../failure.ts'
import { batchLengthOf, joinInputs, splitAppended } from '../log/append.ts'
import type { Appended, LogInput } from '../log/logInput.ts'

/** The size of a message or of several, with the number of items, including ignored ones, which are not in a `LogInput`. */
export interface MessageSize {
  bytes: number
  items: number
  messages: number
}

/**
 * The sequencer's answer. 'unavailable': D1 cannot answer. 'refused': not appended; the Worker should append the
 * message itself.
 */
export type Sequenced = Appended | 'unavailable' | 'refused'

/** What one message appends. */
interface Message {
  logInput: LogInput
  now: Instant
  size: MessageSize
}

/** A message whose request waits for a call. `settle` passes it the outcome, or 'call' if it should make the next call. */
interface Waiting extends Message {
  settle: (outcome: Sequenced | 'call') => void
}

/** Appends the joined messages through the sequencer. Never throws. */
export type Call = (logInput: LogInput, now: Instant, size: MessageSize) => Promise<Sequenced>

/** How long a message waits for the call in flight before its own request makes a call. */
const turnMilliseconds = 500

/** How long a request waits for the outcome of a call that another request makes: longer than the call may take. */
const outcomeMilliseconds = 14_300

/** How long a call waits for messages whose senders have just been answered. */
const gatherMilliseconds = 5

/** From this many waiting messages on, those of a call are answered in two halves. */
const halvedMin = 8

const sumOf = (sizes: readonly MessageSize[]): MessageSize => {
  const sum = { bytes: 0, items: 0, messages: 0 }
  for (const { bytes, items, messages } of sizes) {
    sum.bytes += bytes
    sum.items += items
    sum.messages += messages
  }
  return sum
}

/**
 * Lets the messages of an isolate share calls to the sequencer. While a call is in flight, messages wait; then the
 * request of the oldest makes one call for all of them. Each request has its own promise and its own timer: the platform
 * continues a request in its own context when another one settles its promise.
 *
 * workerd may fail to resume a request that other requests have already resumed once. So a request awaits at most one
 * promise that only another request settles; every other such wait also ends by a timer of a few milliseconds.
 *
 * Correctness does not depend on other requests. A message is in one place at a time, so it gets one outcome. If a
 * request is lost while it makes a call, the others make their own calls after 500 ms, and those whose messages were in
 * the lost call report 'unavailable'.
 */
export class SharedCalls {
  #waiting: Waiting[] = []
  #isCalling = false
  /** How many messages the next call will probably have: those whose senders were just answered, and those that wait. */
  #expected = 0
  #onExpected: (() => void) | undefined
  #waitForTurn: () => Promise<unknown>

  /** `waitForTurn` resolves when a message should stop waiting for the call in flight. */
  constructor(waitForTurn = async (): Promise<unknown> => await scheduler.wait(turnMilliseconds)) {
    this.#waitForTurn = waitForTurn
  }

  /** Appends a message with others, in a call that `call` makes for this request. Takes at most 15 s. Never throws. */
  async append(message: Message, call: Call): Promise<Sequenced> {
    if (!this.#isCalling) return await this.#callFor(message, call)
    const { promise, resolve: settle } = Promise.withResolvers<Sequenced | 'call'>()
    const waiting = { ...message, settle }
    this.#waiting.push(waiting)
    if (this.#waiting.length + 1 >= this.#expected) this.#onExpected?.()
    const outcome =
      (await Promise.race([promise, this.#waitForTurn().then(() => undefined)])) ??
      (await this.#afterTurn(waiting, promise))
    return outcome === 'call' ? await this.#callFor(message, call) : outcome
  }

  /**
   * Called when no outcome came in time. A message that still waits makes its own call; otherwise returns the outcome of
   * the call that took it.
   */
  async #afterTurn(waiting: Waiting, outcome: Promise<Sequenced | 'call'>): Promise<Sequenced | 'call'> {
    const place = this.#waiting.indexOf(waiting)
    if (place === -1)
      return await within(outcomeMilliseconds, outcome, 'No outcome').catch(() => 'unavailable' as const)
    this.#waiting.splice(place, 1)
    return 'call'
  }

  async #callFor(message: Message, call: Call): Promise<Sequenced> {
    this.#isCalling = true
    if (this.#waiting.length + 1 < this.#expected) await this.#gather()
    const others = this.#takeWith(message)
    const batch = [message, ...others]
    const inputs = batch.map(({ logInput }) => logInput)
    const now = Math.max(...batch.map((each) => each.now))
    const outcome = await call(joinInputs(inputs), now, sumOf(batch.map(({ size }) => size)))
    const [own = 'refused', ...outcomes] =
      typeof outcome === 'string' ? batch.map(() => outcome) : splitAppended(outcome, inputs)
    this.#expected = batch.length + this.#waiting.length
    await this.#settle(others, outcomes)
    this.#passOn(outcome)
    return own
  }

  /**
   * Settles the waiting requests. Of many, half are settled one turn of the event loop earlier, so that their senders can
   * prepare the next messages meanwhile.
   */
  async #settle(requests: readonly Waiting[], outcomes: readonly Sequenced[]): Promise<void> {
    const isFailure = typeof outcomes[0] === 'string'
    const first = isFailure || outcomes.length < halvedMin ? outcomes.length : outcomes.length >> 1
    for (const [index, outcome] of outcomes.entries()) {
      if (index === first) await scheduler.wait(0)
      requests[index]?.settle(outcome)
    }
  }

  /** Lets the request of the oldest waiting message make the next call, unless all would meet the same outage. */
  #passOn(outcome: Sequenced): void {
    if (outcome === 'unavailable') for (const { settle } of this.#waiting.splice(0)) settle(outcome)
    const next = this.#waiting.shift()
    if (next) next.settle('call')
    else this.#isCalling = false
  }

  async #gather(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onExpected = resolve
    await Promise.race([promise, scheduler.wait(gatherMilliseconds)])
    this.#onExpected = undefined
  }

  /** Takes the oldest waiting messages that fit into a batch with this one. */
  #takeWith({ size }: Message): Waiting[] {
    const sizes = [size, ...this.#waiting.map((each) => each.size)]
    return this.#waiting.splice(0, batchLengthOf(sizes) - 1)
  }
}
