import type { SentContribution, SentMessage } from '../../support/oracle.ts'
import type { Json } from '../../support/site.ts'
import type { Logged } from '../../system/support/site.ts'
import type { Findings } from '../findings.ts'
import type { PlannedMessage } from '../community/plan.ts'

/** A contribution with the position that the Worker answered. */
export interface Promised {
  position: number
  contribution: SentContribution
}

interface Verdict {
  index: number
  status: string
  position: number
}

/** The identity of a contribution. */
export const identityOf = ({ type, content }: Pick<SentContribution, 'type' | 'content'>): string =>
  `${type} ${content.type} ${content.id}`

/** The facts that make two contributions of one identity duplicates or conflicts. */
export const factsOf = (one: SentContribution | Logged): string =>
  JSON.stringify([
    one.user.id,
    new Date(one.occurred_at).toISOString(),
    one.parent ?? null,
    one.locale ?? '',
    one.product ?? '',
    one.self ?? false,
  ])

const itemsOf = ({ data }: SentMessage): unknown[] => (Array.isArray(data) ? data : [data])

/** `ignored` is an amendment to a system account. */
const laterStatuses = new Set(['applied', 'unchanged', 'ignored'])

/** Keeps every acknowledged message and its result, and checks that results do not contradict each other. */
export class Ledger {
  acknowledged = 0
  /** The newest acknowledged position. */
  position = 0
  /** The recorded contributions by identity, as acknowledged. */
  promised = new Map<string, Promised>()
  #messages = new Map<string, SentMessage>()
  #rejected = new Map<string, SentContribution[]>()
  #recordedOnce = new Set<string>()
  #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** Adds the 200 answer to a message. */
  acknowledge(message: PlannedMessage, answer: Json): void {
    this.acknowledged += 1
    this.position = Math.max(this.position, answer.position)
    this.#messages.set(message.id, message)
    const results: Verdict[] = answer.results
    const items = itemsOf(message)
    const request = `${message.type} ${message.id}`
    this.#findings.compare(`results of ${request}`, results.length, items.length)
    for (const status of ['recorded', 'duplicate', 'conflict', 'ignored']) {
      const count = results.filter((result) => result.status === status).length
      this.#findings.compare(`${status} of ${request}`, answer[status], count)
    }
    const verdicts = new Set(results.map(({ status }) => status).filter((status) => status !== 'ignored'))
    const isWhole = !message.isAlone || verdicts.size <= 1
    this.#findings.require(request, isWhole, 'a part of it was recorded before, and a part was not')
    for (const [index, result] of results.entries()) {
      if (message.type === 'contribution.created')
        this.#take(items[index] as SentContribution, result, answer)
      else {
        this.#findings.require(request, laterStatuses.has(result.status), `an item is ${result.status}`)
      }
    }
  }

  #take(contribution: SentContribution, { status, position }: Verdict, answer: Json): void {
    if (status === 'ignored') return
    const identity = identityOf(contribution)
    const request = `a webhook about ${identity}`
    this.#findings.require(
      request,
      position <= answer.position,
      `${position} is not visible at ${answer.position}`,
    )
    const known = this.promised.get(identity)
    if (known) this.#findings.compare(`the position in ${request}`, position, known.position)
    if (status === 'conflict') {
      const rejected = this.#rejected.get(identity) ?? []
      this.#rejected.set(identity, [...rejected, contribution])
      return
    }
    if (status === 'recorded') {
      this.#findings.require(request, !this.#recordedOnce.has(identity), 'it was recorded twice')
      this.#recordedOnce.add(identity)
    }
    if (known)
      this.#findings.compare(`the facts in ${request}`, factsOf(contribution), factsOf(known.contribution))
    else this.promised.set(identity, { position, contribution })
  }

  /** Checks that every conflict differs from a recorded contribution of the same identity. */
  checkConflicts(): void {
    for (const [identity, rejected] of this.#rejected) {
      const standing = this.promised.get(identity)
      for (const one of rejected) {
        const differs = standing && factsOf(standing.contribution) !== factsOf(one)
        this.#findings.require(
          `conflicts about ${identity}`,
          differs === true,
          'there is nothing to conflict with',
        )
      }
    }
  }

  /** How many results were conflicts, including those of repeated messages. */
  get conflicts(): number {
    return [...this.#rejected.values()].reduce((sum, rejected) => sum + rejected.length, 0)
  }

  /**
   * The messages for the oracle. Of two conflicting contributions the first recorded one counts, which only the Worker knows,
   * so refused ones come last. All others may come in any order.
   */
  messages(): SentMessage[] {
    const isRefused = (item: SentContribution): boolean => {
      const standing = this.promised.get(identityOf(item))
      return standing !== undefined && factsOf(standing.contribution) !== factsOf(item)
    }
    const taken: SentMessage[] = []
    const refused: SentMessage[] = []
    for (const message of this.#messages.values()) {
      const { type, timestamp } = message
      if (type !== 'contribution.created') taken.push(message)
      else
        for (const item of itemsOf(message) as SentContribution[])
          (isRefused(item) ? refused : taken).push({ type, timestamp, data: item })
    }
    return [...taken, ...refused]
  }
}
