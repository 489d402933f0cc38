import { types, type SentContribution, type SentMessage } from '../../support/oracle.ts'
import {
  aUser,
  bystanders,
  contentOf,
  contributionOf,
  contributors,
  firstErasable,
  groups,
  locales,
  names,
  products,
  systemUsers,
  type Setting,
} from './contributions.ts'
import { Random } from './random.ts'

/** A message of the plan, with the same ID whenever it is sent again. */
export interface PlannedMessage extends SentMessage {
  id: string
  /** Whether no other message is about the same contents, so that all items have the same status. */
  isAlone: boolean
}

/** How far behind the newest contribution a correction may reach, and how far ahead, where it arrives first. */
const reach = 2000
const reachAhead = 100
/** A range in which corrections collide. */
const crowd = 12

/** Facts are dated on whole minutes of the last few, so many share an instant and most arrive out of order. */
const minutesBack = 6
const minute = 60_000

const repeatsKept = 200
const largestBatch = 150

/** Contributions from this number on are in batches that share no content with other messages. */
const firstAlone = 1_000_000_000

interface Kind {
  type: string
  make: () => unknown
  isAlone?: true
}

/**
 * The endless sequence of messages that the site sends, decided by a seed. Parallel senders deliver it in another order, which
 * must not matter.
 */
export class Plan {
  #setting: Setting
  #random: Random
  #recent: PlannedMessage[] = []
  #planned = 0
  #told = 0
  #toldAlone = 0
  #declared = 0

  constructor(setting: Setting) {
    this.#setting = setting
    this.#random = new Random(setting.seed, 'plan')
  }

  /** The next message, or sometimes a recent one again. */
  next(): PlannedMessage {
    const recent = this.#recent[this.#random.whole(0, repeatsKept)]
    if (recent && this.#random.isOnce(25)) return recent
    const { type, make, isAlone = false } = this.#random.weighed(this.#kinds)
    const id = `msg_soak_${this.#setting.seed}_${this.#planned}`
    const message = { id, type, timestamp: this.#timestamp(type), data: make(), isAlone }
    this.#recent[this.#planned % repeatsKept] = message
    this.#planned += 1
    return message
  }

  #kinds: readonly [[number, Kind], ...[number, Kind][]] = [
    [38, { type: 'contribution.created', make: () => this.#contributions(1)[0] }],
    [6, { type: 'contribution.created', make: () => this.#contributions(this.#batch()) }],
    [3, { type: 'contribution.created', make: () => this.#alone(this.#batch()), isAlone: true }],
    [9, { type: 'contribution.created', make: () => this.#repeated() }],
    [5, { type: 'contribution.created', make: () => this.#several(3, () => this.#conflicting()) }],
    [12, { type: 'contribution.retracted', make: () => this.#several(3, () => this.#correction()) }],
    [9, { type: 'contribution.restored', make: () => this.#several(3, () => this.#correction()) }],
    [8, { type: 'contribution.amended', make: () => this.#several(3, () => this.#amendment()) }],
    [3, { type: 'content.deleted', make: () => this.#several(5, () => this.#deletion()) }],
    [2, { type: 'content.undeleted', make: () => this.#several(5, () => this.#deletion()) }],
    [9, { type: 'user.updated', make: () => this.#several(5, () => this.#userFacts()) }],
    [0.4, { type: 'user.erased', make: () => ({ id: this.#random.whole(firstErasable, contributors + 1) }) }],
    [1, { type: 'coverage.declared', make: () => this.#declaration() }],
  ]

  #timestamp(type: string): string {
    const { startedAt } = this.#setting
    const minutes = startedAt - this.#random.whole(0, minutesBack) * minute
    // Declarations differ in time, because the contract does not say which of two at the same instant wins.
    const at = type === 'coverage.declared' ? minutes - (this.#declared += 1) : minutes
    return new Date(at).toISOString()
  }

  #several<Item>(most: number, make: () => Item): Item | Item[] {
    return this.#random.isOnce(2) ? make() : Array.from({ length: this.#random.whole(1, most + 1) }, make)
  }

  #contributions(count: number): SentContribution[] {
    this.#told += count
    return Array.from({ length: count }, (_, index) =>
      contributionOf(this.#told - count + index, 0, this.#setting),
    )
  }

  #batch(): number {
    return this.#random.whole(2, largestBatch + 1)
  }

  #alone(count: number): SentContribution[] {
    this.#toldAlone += count
    const first = firstAlone + this.#toldAlone - count
    return Array.from({ length: count }, (_, index) => contributionOf(first + index, 0, this.#setting))
  }

  /** A contribution that was sent before. */
  #earlier(): number {
    return Math.max(0, this.#told - this.#random.whole(1, this.#random.isOnce(2) ? crowd : reach))
  }

  /** Contributions that were sent before, in other batches. */
  #repeated(): SentContribution[] {
    const first = this.#earlier()
    const length = Math.min(this.#random.whole(1, 40), Math.max(1, this.#told - first))
    return Array.from({ length }, (_, index) => contributionOf(first + index, 0, this.#setting))
  }

  #conflicting(): SentContribution {
    return contributionOf(this.#earlier(), this.#random.whole(1, 3), this.#setting)
  }

  /** What a correction or an amendment is about: a contribution that was sent, or one that comes later. */
  #subject(): object {
    const from = this.#random.isOnce(2) ? -crowd : -reach
    const index = Math.max(0, this.#told + this.#random.whole(from, reachAhead))
    const { type, content } = contentOf(index, this.#setting.seed)
    return { content, ...(this.#random.isOnce(2) && { type }) }
  }

  #correction(): object {
    const reason = this.#random.pick(['spam', 'unsolved', 'fraud', 'mistake', 'other'])
    return { ...this.#subject(), reason }
  }

  #amendment(): object {
    const random = this.#random
    const parent = { type: 'wiki.document', id: `d${random.whole(0, 500)}` }
    return {
      ...this.#subject(),
      set: {
        product: random.pick(products) || null,
        ...(random.isOnce(2) && { locale: random.pick(locales) || null }),
        ...(random.isOnce(3) && { user: { id: random.isOnce(50) ? systemUsers[0] : aUser(random) } }),
        ...(random.isOnce(4) && { parent: random.pick([parent, null]) }),
        ...(random.isOnce(4) && { self: random.pick([true, false, null]) }),
      },
    }
  }

  #deletion(): object {
    return { content: contentOf(this.#earlier(), this.#setting.seed).content }
  }

  #userFacts(): object {
    const random = this.#random
    return {
      id: random.isOnce(20) ? contributors + random.whole(1, bystanders + 1) : aUser(random),
      ...(random.isOnce(2) && { username: random.pick(names) }),
      ...(random.isOnce(3) && { display_name: random.pick(names) }),
      ...(random.isOnce(5) && { avatar_url: random.pick(['https://example.org/a.png', null]) }),
      ...(random.isOnce(4) && { is_active: !random.isOnce(5) }),
      ...(random.isOnce(4) && { is_system: random.isOnce(5) }),
      ...(random.isOnce(4) && { is_hidden: random.isOnce(5) }),
      ...(random.isOnce(3) && { groups: groups.filter(() => random.isOnce(2)) }),
    }
  }

  #declaration(): object {
    return {
      type: this.#random.pick(types as [string, ...string[]]),
      complete: !this.#random.isOnce(6),
      since: this.#random.pick([null, '2015-06-01T00:00:00.000Z']),
    }
  }
}
