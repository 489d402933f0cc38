import { dayOf } from './oracleCalendar.ts'
import { rules, type Rules } from './oracleRules.ts'

/*
 * Computes every number by brute force, from the contract and without the project's code: it keeps all messages, in any
 * order, and filters and counts them for each question.
 */

/** A contribution as a site sends it. */
export interface SentContribution {
  type: string
  user: { id: number; username?: string | null; display_name?: string | null; avatar_url?: string | null }
  occurred_at: string
  content: { type: string; id: string; title?: string; url?: string }
  parent?: { type: string; id: string } | null
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

/** Which contributions count besides those of a rule. */
export interface Filter {
  locale?: string
  product?: string
  group?: string
}

/** What a board or a metric counts of a user's contributions; days are those of the time zone. */
export interface Measure {
  of: 'contributions' | 'parents' | 'days'
  timeZone: string
}

export const contributionsMeasure: Measure = { of: 'contributions', timeZone: 'UTC' }

/** What a measure counts, each as a text; several contributions may have the same. */
const measured = (listed: readonly SentContribution[], { of, timeZone }: Measure): string[] =>
  listed.flatMap((one) => {
    if (of === 'parents') return one.parent ? [JSON.stringify([one.parent.type, one.parent.id])] : []
    return [of === 'days' ? dayOf(Date.parse(one.occurred_at), timeZone) : identityOf(one)]
  })

/** The number of a user by a measure. */
export const countBy = (listed: readonly SentContribution[], measure: Measure): number =>
  new Set(measured(listed, measure)).size

interface Fact {
  field: string
  value: string | boolean | null
  at: number
}

interface Correction {
  type: string | undefined
  at: number
  retracted: boolean
  reason: string | undefined
}

/** New values of a contribution's fields; null is the default. */
interface Amendment {
  type: string | undefined
  at: number
  set: {
    user?: { id: number }
    locale?: string | null
    product?: string | null
    parent?: { type: string; id: string } | null
    self?: boolean | null
  }
}

/** A fact about a content, of which the latest one wins. */
interface ContentFact {
  field: 'deleted' | 'title' | 'url'
  value: string
  at: number
}

/** A site's declaration of how far back its history of a type reaches. */
interface Declaration {
  at: number
  complete: boolean
  since: number | null
}

/** The rules of the site under test. */
export const { types, boards: boardRules, metrics: metricRules } = rules

const contentKey = ({ type, id }: { type: string; id: string | number }): string =>
  JSON.stringify([type, String(id)])

const identityOf = (one: SentContribution): string => `${one.type} ${contentKey(one.content)}`

const byCodePoint = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right))

const latest = (facts: Fact[], field: string): Fact['value'] | undefined => {
  const order = (value: Fact['value']): string => (value === null ? '' : `1${String(value)}`)
  return facts
    .filter((fact) => fact.field === field)
    .sort((left, right) => left.at - right.at || byCodePoint(order(left.value), order(right.value)))
    .at(-1)?.value
}

/** A window as answers show it. */
export const shownSpan = ({ from, to }: Span): { from: string | null; to: string | null } => ({
  from: from === null ? null : new Date(from).toISOString(),
  to: to === null ? null : new Date(to).toISOString(),
})

/** The values that an amendment sets: as they count, and as ties order them. */
const valuesOf = (set: Amendment['set']): Record<string, { order: string; value: unknown } | undefined> => {
  const text = (value: string | null | undefined) =>
    value === undefined ? undefined : { order: value ?? '', value: value ?? '' }
  const { user, locale, product, parent, self } = set
  return {
    user: user && { order: String(user.id).padStart(16, '0'), value: { id: user.id } },
    locale: text(locale),
    product: text(product),
    parent: parent === undefined ? undefined : { order: parent ? JSON.stringify(parent) : '', value: parent },
    self: self === undefined ? undefined : { order: String(self ?? false), value: self ?? false },
  }
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
  #amendments = new Map<string, Amendment[]>()
  #contentFacts = new Map<string, ContentFact[]>()
  #facts = new Map<number, Fact[]>()
  #erased = new Set<number>()
  #declared = new Map<string, Declaration>()
  // Cached for large logs: messages come in the constructor only, so nothing changes.
  #latest = new Map<string, Fact['value'] | undefined>()
  #effective: SentContribution[]
  #effectiveOf: Map<number, SentContribution[]>
  #systemUsers: readonly number[]
  #rules: Rules

  /** The default of `systemUsers` is SYSTEM_USER_IDS in vitest.config.ts. */
  constructor(
    messages: readonly SentMessage[],
    systemUsers: readonly number[] = [900, 901],
    ofSite: Rules = rules,
  ) {
    this.#systemUsers = systemUsers
    this.#rules = ofSite
    for (const message of messages) this.#take(message)
    this.#effective = [...this.#recorded.values()]
      .filter((one) => ofSite.types.includes(one.type) && this.#isEffective(one))
      .map((one) => this.#amended(one))
    this.#effectiveOf = Map.groupBy(this.#effective, (one) => one.user.id)
  }

  #take({ type, timestamp, data }: SentMessage): void {
    const at = Date.parse(timestamp)
    for (const item of Array.isArray(data) ? data : [data]) {
      if (type === 'contribution.created') {
        this.#say(item.user, at)
        const ignored = item.spam === true || this.#systemUsers.includes(item.user.id)
        if (!ignored && !this.#recorded.has(identityOf(item))) this.#recorded.set(identityOf(item), item)
        for (const field of ['title', 'url'] as const) {
          const value = ignored ? undefined : item.content[field]
          if (value) addTo(this.#contentFacts, contentKey(item.content), { field, value, at })
        }
      }
      if (type === 'contribution.amended') {
        if (item.set.user) this.#say(item.set.user, at)
        const ignored = this.#systemUsers.includes(item.set.user?.id)
        if (!ignored)
          addTo(this.#amendments, contentKey(item.content), {
            type: item.type ?? undefined,
            at,
            set: item.set,
          })
      }
      if (type === 'content.deleted' || type === 'content.undeleted') {
        const value = String(type === 'content.deleted')
        addTo(this.#contentFacts, contentKey(item.content), { field: 'deleted', value, at })
      }
      if (type === 'contribution.retracted' || type === 'contribution.restored') {
        const retracted = type === 'contribution.retracted'
        const correction = { type: item.type, at, retracted, reason: item.reason }
        addTo(this.#corrections, contentKey(item.content), correction)
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
    const groups = said['groups'] as string[] | null | undefined
    if (groups) facts.push({ field: 'groups', value: [...new Set(groups)].sort().join(' '), at })
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
    const applying = (this.#corrections.get(contentKey(one.content)) ?? [])
      .filter(({ type }) => (type ?? one.type) === one.type)
      .sort((left, right) => left.at - right.at || Number(left.retracted) - Number(right.retracted))
    return applying.at(-1)?.retracted !== true
  }

  #amendmentsOf(one: SentContribution): Amendment[] {
    const all = this.#amendments.get(contentKey(one.content)) ?? []
    return all.filter(({ type }) => (type ?? one.type) === one.type)
  }

  /** A contribution with its present values: of each field, the latest amendment wins. */
  #amended(one: SentContribution): SentContribution {
    const present: Record<string, unknown> = { ...one }
    const sets = this.#amendmentsOf(one).map(({ at, set }) => ({ at, values: valuesOf(set) }))
    for (const field of ['user', 'locale', 'product', 'parent', 'self']) {
      const last = sets
        .flatMap(({ at, values }) => (values[field] ? [{ at, ...values[field] }] : []))
        .sort((left, right) => left.at - right.at || byCodePoint(left.order, right.order))
        .at(-1)
      if (last) present[field] = last.value
    }
    return present as unknown as SentContribution
  }

  #contentFact(one: SentContribution, wanted: ContentFact['field']): ContentFact | undefined {
    return (this.#contentFacts.get(contentKey(one.content)) ?? [])
      .filter(({ field }) => field === wanted)
      .sort((left, right) => left.at - right.at || byCodePoint(left.value, right.value))
      .at(-1)
  }

  /** A contribution as lists show it. */
  shown(one: SentContribution): Record<string, unknown> {
    const spam = (this.#corrections.get(contentKey(one.content)) ?? [])
      .filter(({ retracted, reason }) => retracted && reason === 'spam')
      .map(({ at }) => at)
    const label = (field: 'title' | 'url'): object => {
      const fact = this.#contentFact(one, field)
      return fact && fact.at > Math.max(-Infinity, ...spam) ? { [field]: fact.value } : {}
    }
    const deletion = this.#contentFact(one, 'deleted')
    return {
      type: one.type,
      occurred_at: new Date(one.occurred_at).toISOString(),
      content: { type: one.content.type, id: one.content.id, ...label('title'), ...label('url') },
      parent: one.parent ?? null,
      locale: one.locale ?? '',
      product: one.product ?? '',
      self: one.self ?? false,
      deleted_at: deletion?.value === 'true' ? new Date(deletion.at).toISOString() : null,
      amended: this.#amendmentsOf(one).length > 0,
    }
  }

  /** Whether a user is in a group now. */
  isIn(id: number, group: string): boolean {
    const groups = this.#erased.has(id) ? '' : String(this.#latestOf(id, 'groups') ?? '')
    return groups.split(' ').includes(group)
  }

  /** Every contribution that is not retracted, with its present values. */
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

  /** Whether a user may stand in a list of people. */
  isShown(id: number): boolean {
    const isActive = this.#flag(id, 'is_active', true) && !this.#flag(id, 'is_hidden', false)
    return this.isCounted(id) && isActive && this.profile(id) !== undefined
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
    return Object.fromEntries([
      ['total', listed.length],
      ...this.#rules.types.map((type) => [type, of(type)]),
    ])
  }

  /** The distinct documents that a user edited in a window. */
  #documents(id: number, span: Span): number {
    const { documentsType } = this.#rules
    if (documentsType === undefined) return 0
    return countBy(this.listed(id, span, documentsType), { of: 'parents', timeZone: 'UTC' })
  }

  /** The answer of GET /v1/users/{id} without as_of and position, and with the window of a period if there is one. */
  user(id: number, asOf: number, live: boolean, period?: Span): Record<string, unknown> | undefined {
    const to = live ? null : asOf
    const listed = this.listed(id, { from: null, to })
    const byType = (choose: (list: SentContribution[]) => SentContribution | undefined): object =>
      Object.fromEntries(
        this.#rules.types.map((type) => [type, instant(choose(listed.filter((one) => one.type === type)))]),
      )
    const instant = (one: SentContribution | undefined): string | null =>
      one ? new Date(one.occurred_at).toISOString() : null
    const profile = this.profile(id)
    return (
      profile && {
        user: profile,
        complete: this.#rules.types.every((type) => this.#declared.get(type)?.complete === true),
        first_contribution_at: instant(listed.at(-1)),
        last_contribution_at: instant(listed[0]),
        first: byType((list) => list.at(-1)),
        last: byType((list) => list[0]),
        lifetime: this.counts(id, { from: null, to }),
        windows: Object.fromEntries(
          [7, 30, 90, 365].map((days) => [
            `${days}d`,
            this.counts(id, { from: asOf - days * 86_400_000, to }),
          ]),
        ),
        ...(period && {
          period: {
            window: shownSpan(period),
            ...this.counts(id, period),
            documents: this.#documents(id, period),
          },
        }),
        documents: this.#documents(id, { from: null, to }),
      }
    )
  }

  #byUser(
    rule: (one: SentContribution) => boolean,
    span: Span,
    filter: Filter,
  ): Map<number, SentContribution[]> {
    const matching = this.#effective.filter(
      (one) =>
        rule(one) &&
        within(Date.parse(one.occurred_at), span) &&
        (filter.locale === undefined || (one.locale ?? '') === filter.locale) &&
        (filter.product === undefined || (one.product ?? '') === filter.product) &&
        (filter.group === undefined || this.isIn(one.user.id, filter.group)),
    )
    return Map.groupBy(matching, (one) => one.user.id)
  }

  /** All entries of a board: every user who is shown, with rank, count and last contribution. */
  board(
    board: string,
    span: Span,
    filter: Filter = {},
    measure: Measure = contributionsMeasure,
  ): { rank: number; user: Record<string, unknown>; count: number; last_contribution_at: string }[] {
    const ranked = [...this.#byUser(this.#rules.boards[board] ?? (() => false), span, filter)]
      .flatMap(([id, listed]) => {
        const counted = listed.filter((one) => countBy([one], measure) > 0)
        const user = this.profile(id)
        if (!user || !this.isShown(id) || counted.length === 0) return []
        const last = Math.max(...counted.map((one) => Date.parse(one.occurred_at)))
        const count = countBy(counted, measure)
        return [{ user, count, last_contribution_at: new Date(last).toISOString() }]
      })
      .sort((left, right) => right.count - left.count || Number(left.user['id']) - Number(right.user['id']))
    // Users with equal counts share the rank of the first of them.
    const rankOf = new Map(ranked.map(({ count }, index) => [count, index + 1] as const).toReversed())
    return ranked.map((entry) => Object.assign({ rank: rankOf.get(entry.count) ?? 0 }, entry))
  }

  /** The users whom a metric counts, with their numbers. */
  #members(metric: string, span: Span, filter: Filter, measure: Measure, min?: number): [number, number][] {
    const [rule, least] = this.#rules.metrics[metric] ?? [() => false, 1]
    return [...this.#byUser(rule, span, filter)]
      .map(([id, listed]): [number, number] => [id, countBy(listed, measure)])
      .filter(([id, count]) => count >= (min ?? least) && this.isCounted(id))
  }

  /** A metric's value. */
  metric(
    metric: string,
    span: Span,
    filter: Filter = {},
    min?: number,
    measure = contributionsMeasure,
  ): number {
    return this.#members(metric, span, filter, measure, min).length
  }

  /** The users whom a metric counts and who may be shown, by count, then by ID. */
  members(metric: string, span: Span, filter: Filter, min: number, measure: Measure): object[] {
    return this.#members(metric, span, filter, measure, min)
      .filter(([id]) => this.isShown(id))
      .sort(([one, more], [other, less]) => less - more || one - other)
      .map(([id, count]) => ({ user: this.profile(id), count }))
  }
}
