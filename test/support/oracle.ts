/*
 * Computes every number by brute force, from the contract and without the project's code: it keeps all messages, in any
 * order, and filters and counts them for each question.
 */

/** A contribution as a site sends it. */
export interface SentContribution {
  type: string
  user: { id: number; username?: string | null; display_name?: string | null; avatar_url?: string | null }
  occurred_at: string
  content: { type: string; id: string }
  parent?: { type: string; id: string }
  locale?: string
  product?: string
  self?: boolean
  spam?: boolean
}

export interface SentMessage {
  type: string
  timestamp: string
  data: unknown
}

/** A window `[from, to)`; null is unbounded. */
export interface Span {
  from: number | null
  to: number | null
}

interface Fact {
  field: string
  value: string | boolean | null
  at: number
}

interface Correction {
  type: string | undefined
  at: number
  retracted: boolean
}

/** A site's declaration of how far back its history of a type reaches. */
interface Declaration {
  at: number
  complete: boolean
  since: number | null
}

export const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']

const notSelf = (one: SentContribution): boolean => one.self !== true
const inDefault = (one: SentContribution): boolean => one.locale === 'en-US'
const inOther = (one: SentContribution): boolean => (one.locale ?? '') !== '' && one.locale !== 'en-US'
const edited = (one: SentContribution): boolean => one.type === 'kb_edit'
const editedOrReviewed = (one: SentContribution): boolean =>
  one.type === 'kb_edit' || one.type === 'kb_review'
const active = (one: SentContribution): boolean => one.type !== 'question' && notSelf(one)

/** Which contributions a board counts. */
export const boardRules: Record<string, (one: SentContribution) => boolean> = {
  'support-forum': (one) => one.type === 'answer' && notSelf(one),
  solutions: (one) => one.type === 'solution' && notSelf(one),
  questions: (one) => one.type === 'question',
  kb: (one) => edited(one) && inDefault(one),
  l10n: (one) => edited(one) && inOther(one),
  reviews: (one) => one.type === 'kb_review',
  helpful: (one) => one.type === 'helpful_vote',
  overall: active,
}

/** Which contributions a metric counts, and how many a user needs. */
export const metricRules: Record<string, [(one: SentContribution) => boolean, number]> = {
  support_forum_contributors: [(one) => one.type === 'answer' && notSelf(one), 10],
  kb_contributors: [(one) => editedOrReviewed(one) && inDefault(one), 1],
  l10n_contributors: [(one) => editedOrReviewed(one) && inOther(one), 1],
  active_contributors: [active, 1],
}

const identityOf = (one: SentContribution): string =>
  JSON.stringify([one.type, one.content.type, one.content.id])

const byCodePoint = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right))

const latest = (facts: Fact[], field: string): Fact['value'] | undefined => {
  const order = (value: Fact['value']): string => (value === null ? '' : `1${String(value)}`)
  return facts
    .filter((fact) => fact.field === field)
    .sort((left, right) => left.at - right.at || byCodePoint(order(left.value), order(right.value)))
    .at(-1)?.value
}

const within = (instant: number, { from, to }: Span): boolean =>
  (from === null || instant >= from) && (to === null || instant < to)

const addTo = <Value>(lists: Map<string, Value[]>, key: string, value: Value): void => {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

const profileFields = ['username', 'display_name', 'avatar_url']

export class Oracle {
  #recorded = new Map<string, SentContribution>()
  #corrections = new Map<string, Correction[]>()
  #facts = new Map<number, Fact[]>()
  #erased = new Set<number>()
  #declared = new Map<string, Declaration>()
  // Cached for large logs: messages come in the constructor only, so nothing changes.
  #latest = new Map<string, Fact['value'] | undefined>()
  #effective: SentContribution[]
  #effectiveOf: Map<number, SentContribution[]>
  #systemUsers: readonly number[]

  /** The default of `systemUsers` is SYSTEM_USER_IDS in vitest.config.ts. */
  constructor(messages: readonly SentMessage[], systemUsers: readonly number[] = [900, 901]) {
    this.#systemUsers = systemUsers
    for (const message of messages) this.#take(message)
    this.#effective = [...this.#recorded.values()].filter((one) => this.#isEffective(one))
    this.#effectiveOf = Map.groupBy(this.#effective, (one) => one.user.id)
  }

  #take({ type, timestamp, data }: SentMessage): void {
    const at = Date.parse(timestamp)
    for (const item of Array.isArray(data) ? data : [data]) {
      if (type === 'contribution.created') {
        this.#say(item.user, at)
        const ignored = item.spam === true || this.#systemUsers.includes(item.user.id)
        if (!ignored && !this.#recorded.has(identityOf(item))) this.#recorded.set(identityOf(item), item)
      }
      if (type === 'contribution.retracted' || type === 'contribution.restored') {
        const correction = { type: item.type, at, retracted: type === 'contribution.retracted' }
        addTo(this.#corrections, JSON.stringify(item.content), correction)
      }
      if (type === 'user.updated') this.#say(item, at)
      if (type === 'user.erased') {
        this.#say(item, at)
        this.#erased.add(item.id)
      }
      if (type === 'coverage.declared' && at > (this.#declared.get(item.type)?.at ?? -Infinity)) {
        const since = item.since ? Date.parse(item.since) : null
        this.#declared.set(item.type, { at, complete: item.complete, since })
      }
    }
  }

  #say(said: Record<string, unknown>, at: number): void {
    const facts = this.#facts.get(said['id'] as number) ?? []
    for (const field of [...profileFields, 'is_active', 'is_system', 'is_hidden']) {
      const value = said[field] as Fact['value'] | undefined
      if (value !== undefined) facts.push({ field, value, at })
    }
    this.#facts.set(said['id'] as number, facts)
  }

  #latestOf(id: number, field: string): Fact['value'] | undefined {
    const key = `${id} ${field}`
    if (!this.#latest.has(key)) this.#latest.set(key, latest(this.#facts.get(id) ?? [], field))
    return this.#latest.get(key)
  }

  #flag(id: number, field: string, byDefault: boolean): boolean {
    const value = this.#latestOf(id, field)
    return typeof value === 'boolean' ? value : byDefault
  }

  #isEffective(one: SentContribution): boolean {
    const applying = (this.#corrections.get(JSON.stringify(one.content)) ?? [])
      .filter(({ type }) => (type ?? one.type) === one.type)
      .sort((left, right) => left.at - right.at || Number(left.retracted) - Number(right.retracted))
    return applying.at(-1)?.retracted !== true
  }

  /** Every contribution that is not retracted. */
  effective(): readonly SentContribution[] {
    return this.#effective
  }

  /** Every recorded contribution, retracted or not. */
  recorded(): SentContribution[] {
    return [...this.#recorded.values()]
  }

  /** The latest declaration for a type; declarations of a type must differ in time. */
  declared(type: string): Declaration | undefined {
    return this.#declared.get(type)
  }

  /** Whether a user counts in metrics. */
  isCounted(id: number): boolean {
    return !this.#flag(id, 'is_system', false)
  }

  userIds(): number[] {
    return [...this.#facts.keys()]
  }

  /** The profile of a user, or undefined where the contract says 404. */
  profile(id: number): Record<string, unknown> | undefined {
    const facts = this.#facts.get(id)
    if (facts === undefined || this.#erased.has(id)) return undefined
    return Object.fromEntries([
      ['id', id],
      ...profileFields.map((field) => [field, this.#latestOf(id, field) ?? null]),
    ])
  }

  /** The contributions of a user in a window, newest first. */
  listed(id: number, span: Span, type?: string): SentContribution[] {
    return (this.#effectiveOf.get(id) ?? [])
      .filter((one) => (type ?? one.type) === one.type && within(Date.parse(one.occurred_at), span))
      .sort((left, right) => Date.parse(right.occurred_at) - Date.parse(left.occurred_at))
  }

  /** `{ total, question, … }` of a user in a window. */
  counts(id: number, span: Span): Record<string, number> {
    const listed = this.listed(id, span)
    const of = (type: string): number => listed.filter((one) => one.type === type).length
    return Object.fromEntries([['total', listed.length], ...types.map((type) => [type, of(type)])])
  }

  /** The answer of GET /v1/users/{id} without as_of and position. */
  user(id: number, asOf: number, live: boolean): Record<string, unknown> | undefined {
    const to = live ? null : asOf
    const listed = this.listed(id, { from: null, to })
    const parents = listed.flatMap((one) =>
      one.type === 'kb_edit' && one.parent ? [JSON.stringify(one.parent)] : [],
    )
    const instant = (one: SentContribution | undefined): string | null =>
      one ? new Date(one.occurred_at).toISOString() : null
    const profile = this.profile(id)
    return (
      profile && {
        user: profile,
        complete: types.every((type) => this.#declared.get(type)?.complete === true),
        first_contribution_at: instant(listed.at(-1)),
        last_contribution_at: instant(listed[0]),
        lifetime: this.counts(id, { from: null, to }),
        windows: Object.fromEntries(
          [7, 30, 90, 365].map((days) => [
            `${days}d`,
            this.counts(id, { from: asOf - days * 86_400_000, to }),
          ]),
        ),
        documents: new Set(parents).size,
      }
    )
  }

  #byUser(
    rule: (one: SentContribution) => boolean,
    span: Span,
    filter: { locale?: string; product?: string },
  ): Map<number, SentContribution[]> {
    const matching = this.#effective.filter(
      (one) =>
        rule(one) &&
        within(Date.parse(one.occurred_at), span) &&
        (filter.locale === undefined || (one.locale ?? '') === filter.locale) &&
        (filter.product === undefined || (one.product ?? '') === filter.product),
    )
    return Map.groupBy(matching, (one) => one.user.id)
  }

  /** All entries of a board: every user who is shown, with rank, count and last contribution. */
  board(
    board: string,
    span: Span,
    filter: { locale?: string; product?: string } = {},
  ): { rank: number; user: Record<string, unknown>; count: number; last_contribution_at: string }[] {
    const ranked = [...this.#byUser(boardRules[board] ?? (() => false), span, filter)]
      .flatMap(([id, listed]) => {
        const user = this.profile(id)
        const shown = this.#flag(id, 'is_active', true) && !this.#flag(id, 'is_system', false)
        if (!user || !shown || this.#flag(id, 'is_hidden', false)) return []
        const last = Math.max(...listed.map((one) => Date.parse(one.occurred_at)))
        return [{ user, count: listed.length, last_contribution_at: new Date(last).toISOString() }]
      })
      .sort((left, right) => right.count - left.count || Number(left.user['id']) - Number(right.user['id']))
    // Users with equal counts share the rank of the first of them.
    const rankOf = new Map(ranked.map(({ count }, index) => [count, index + 1] as const).toReversed())
    return ranked.map((entry) => Object.assign({ rank: rankOf.get(entry.count) ?? 0 }, entry))
  }

  /** A metric's value. */
  metric(
    metric: string,
    span: Span,
    filter: { locale?: string; product?: string } = {},
    min?: number,
  ): number {
    const [rule, least] = metricRules[metric] ?? [() => false, 1]
    return [...this.#byUser(rule, span, filter)].filter(
      ([id, listed]) => listed.length >= (min ?? least) && this.isCounted(id),
    ).length
  }
}
