import type { outcomes } from '../contributions/contribution.ts'
import { formatInstant, type Instant } from '../contributions/instant.ts'
import { logUnexpected } from '../failure.ts'
import type { Appended } from '../log/logInput.ts'

/** Counts of accepted messages, of messages refused despite a valid signature, and of items by outcome. */
export type DeliveryCounts = Record<'messages' | 'refused' | (typeof outcomes)[number], number>

export const noDeliveries: DeliveryCounts = {
  messages: 0,
  refused: 0,
  recorded: 0,
  duplicate: 0,
  conflict: 0,
  ignored: 0,
  applied: 0,
  unchanged: 0,
}

/** The counts for accepted messages with `items` items. Items that were not appended count as ignored. */
export const countsOf = (
  appended: Appended,
  { messages, items }: { messages: number; items: number },
): DeliveryCounts => {
  const { contributions, corrections, amendments, deletions, users, declarations } = appended
  const facts = [corrections, amendments, deletions, users, declarations].flat()
  const verdicts = (status: string): number =>
    contributions.filter((verdict) => verdict.status === status).length
  const applied = facts.filter(Boolean).length
  return {
    messages,
    refused: 0,
    recorded: verdicts('recorded'),
    duplicate: verdicts('duplicate'),
    conflict: verdicts('conflict'),
    ignored: items - contributions.length - facts.length,
    applied,
    unchanged: facts.length - applied,
  }
}

/** The counts of one UTC day. */
export interface DeliveryDay extends DeliveryCounts {
  date: string
}

/** Newest first. */
interface State {
  lastAt: Instant | null
  days: DeliveryDay[]
}

/** The number of days kept. Days without messages take no space. */
const daysMax = 90

/**
 * The minimum time between two saves. Less than the 10 s after which an idle object may be evicted, so that only a
 * crash or a deployment loses counts and the timer does not delay eviction.
 */
const saveMilliseconds = 8000

/** Delivery counts by day. Kept in memory and stored as one row: immediately, then at most every 8 s. */
export class Deliveries {
  #storage: DurableObjectStorage
  #state: State
  #isSaved = true
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#state = storage.kv.get<State>('deliveries') ?? { lastAt: null, days: [] }
  }

  get state(): State {
    return this.#state
  }

  add(counts: DeliveryCounts, now: Instant): void {
    const date = formatInstant(now).slice(0, 10)
    const { days, lastAt } = this.#state
    // A day stored by an earlier deployment may lack a count.
    const before = { date, ...noDeliveries, ...days.find((day) => day.date === date) }
    const sums = Object.entries(counts).map(([name, count]) => [
      name,
      before[name as keyof DeliveryCounts] + count,
    ])
    const day: DeliveryDay = { ...before, ...Object.fromEntries(sums) }
    const others = days.filter((each) => each.date !== date)
    // Clocks of two machines may disagree around midnight.
    const sorted = [day, ...others].toSorted((one, other) => (one.date < other.date ? 1 : -1))
    this.#state = { lastAt: Math.max(now, lastAt ?? 0), days: sorted.slice(0, daysMax) }
    this.#isSaved = false
    if (this.#timer === undefined) this.#save()
  }

  #save(): void {
    this.#timer = undefined
    if (this.#isSaved) return
    this.#isSaved = true
    this.#timer = setTimeout(() => this.#save(), saveMilliseconds)
    // Does not delay the sender until the write is durable.
    this.#storage.put('deliveries', this.#state, { allowUnconfirmed: true }).catch(logUnexpected)
  }
}
