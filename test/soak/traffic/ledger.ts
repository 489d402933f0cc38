import type { SentContribution, SentMessage } from '../../support/oracle.ts'
import type { Json } from '../../support/site.ts'
import type { Logged } from '../../system/support/site.ts'
import type { Findings } from '../findings.ts'
import type { PlannedMessage } from '../community/plan.ts'

/** A contribution as the Worker said that it stands in the log. */
export interface Promised {
  position: number
  contribution: SentContribution
}

interface Verdict {
  index: number
  status: string
  position: number
}

/** Which contribution it is, whoever tells of it. */
export const identityOf = ({ type, content }: Pick<SentContribution, 'type' | 'content'>): string =>
  `${type} ${content.type} ${content.id}`

/** All that makes two contributions of one identity the same, or a conflict. */
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

const correctionStatuses = new Set(['applied', 'unchanged'])

/** Every message that was acknowledged, and every promise that came with it; no promise may contradict another. */
export class Ledger {
  acknowledged = 0
  /** The newest position that an acknowledgement named. */
  position = 0
  /** By identity: what the Worker says is recorded. */
  promised = new Map<string, Promised>()
  #messages = new Map<string, SentMessage>()
  #rejected = new Map<string, SentContribution[]>()
  #recordedOnce = new Set<string>()
  #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** Takes the answer to a message: 200, so all of it is in the log. */
  acknowledge(message: PlannedMessage, answer: Json): void {
    this.acknowledged += 1
    this.position = Math.max(this.position, answer.position)
    this.#messages.set(message.id, message)
    const results: Verdict[] = answer.results
    const items = itemsOf(message)
    const asked = `${message.type} ${message.id}`
    this.#findings.compare(`results of ${asked}`, results.length, items.length)
    for (const status of ['recorded', 'duplicate', 'conflict', 'ignored']) {
      const count = results.filter((result) => result.status === status).length
      this.#findings.compare(`${status} of ${asked}`, answer[status], count)
    }
    const verdicts = new Set(results.map(({ status }) => status).filter((status) => status !== 'ignored'))
    const isWhole = !message.isAlone || verdicts.size <= 1
    this.#findings.require(asked, isWhole, 'a part of it was recorded before, and a part was not')
    for (const [index, result] of results.entries()) {
      if (message.type === 'contribution.created')
        this.#take(items[index] as SentContribution, result, answer)
      else {
        const isFine = correctionStatuses.has(result.status) || message.type === 'content.deleted'
        this.#findings.require(asked, isFine, `an item is ${result.status}`)
      }
    }
  }

  #take(contribution: SentContribution, { status, position }: Verdict, answer: Json): void {
    if (status === 'ignored') return
    const identity = identityOf(contribution)
    const asked = `a webhook about ${identity}`
    this.#findings.require(
      asked,
      position <= answer.position,
      `${position} is not visible at ${answer.position}`,
    )
    const known = this.promised.get(identity)
    if (known) this.#findings.compare(`the position in ${asked}`, position, known.position)
    if (status === 'conflict') {
      const rejected = this.#rejected.get(identity) ?? []
      this.#rejected.set(identity, [...rejected, contribution])
      return
    }
    if (status === 'recorded') {
      this.#findings.require(asked, !this.#recordedOnce.has(identity), 'it was recorded twice')
      this.#recordedOnce.add(identity)
    }
    if (known)
      this.#findings.compare(`the facts in ${asked}`, factsOf(contribution), factsOf(known.contribution))
    else this.promised.set(identity, { position, contribution })
  }

  /** Whether what was refused as a conflict differs from what stands, and something does stand. */
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

  /** How many contributions were refused as conflicts, once for each telling. */
  get conflicts(): number {
    return [...this.#rejected.values()].reduce((sum, rejected) => sum + rejected.length, 0)
  }

  /**
   * The messages for the oracle. Between two that conflict the first recorded stands, and which one that is only the
   * Worker can know; so what was refused comes last. All else may come in any order.
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
