import * as z from 'zod/mini'
import type {
  Amendment,
  Content,
  ContentLabel,
  Contribution,
  Correction,
  CoverageDeclaration,
  Deletion,
  IgnoredReason,
} from '../contributions/contribution.ts'
import { aheadMilliseconds, firstOccurredAt, formatInstant, type Instant } from '../contributions/instant.ts'
import type { ProfileField, UserFacts } from '../contributions/user.ts'
import { typeDefinition } from '../definitions/definitions.ts'
import {
  invalidMessage,
  isFailure,
  pointerOf,
  quote,
  type BodyIssue,
  type InvalidMessage,
} from '../failure.ts'
import { nothing, type Appended, type LogInput } from '../log/logInput.ts'
import { envelopeSchema, itemSchemas, itemsMax } from './schemas.ts'

/** One item of a `contribution.created`. */
export interface Created {
  contribution: Contribution
  /** The user facts in the item. They are stored whatever the verdict. */
  contributor: UserFacts
  /** The content's title and address; undefined if the item has neither. */
  label: ContentLabel | undefined
  spam: boolean
}

/** One item of a `contribution.amended`. */
export interface Amended {
  amendment: Amendment
  /** The facts about the new user; undefined if the amendment does not change the user. */
  contributor: UserFacts | undefined
}

/** A valid message. */
export type Message =
  | { type: 'contribution.created'; items: Created[] }
  | { type: 'contribution.retracted' | 'contribution.restored'; items: Correction[] }
  | { type: 'contribution.amended'; items: Amended[] }
  | { type: 'content.deleted' | 'content.undeleted'; items: Deletion[] }
  | { type: 'user.updated' | 'user.erased'; items: UserFacts[] }
  | { type: 'coverage.declared'; items: CoverageDeclaration[] }

const isInvalid = (parsed: unknown): parsed is InvalidMessage => isFailure(parsed)

const invalidAt = (path: readonly PropertyKey[], detail: string): InvalidMessage =>
  invalidMessage([{ pointer: pointerOf(path), detail }])

const parse = <Value>(
  schema: z.ZodMiniType<Value>,
  input: unknown,
  path: readonly PropertyKey[],
): Value | InvalidMessage => {
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success) return parsed.data
  const issues = new Map<string, BodyIssue>()
  for (const issue of parsed.error.issues) {
    const pointer = pointerOf([...path, ...issue.path])
    const detail =
      issue.input === undefined
        ? `Missing: ${issue.message}`
        : `Cannot use ${quote(issue.input)}: ${issue.message}`
    if (!issues.has(pointer)) issues.set(pointer, { pointer, detail })
  }
  return invalidMessage([...issues.values()])
}

/** The fields that are not undefined. */
const given = <Value>(fields: Record<string, Value | undefined>): Record<string, Value> => {
  const found: Record<string, Value> = {}
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name]
  return found
}

const profileOf = (said: { [Field in ProfileField]?: string | null | undefined }): UserFacts['profile'] =>
  given({ username: said.username, display_name: said.display_name, avatar_url: said.avatar_url })

/** The user facts in a contribution or an amendment, as of `at`. */
const contributorOf = (said: { id: number } & Parameters<typeof profileOf>[0], at: Instant): UserFacts => ({
  id: said.id,
  at,
  profile: profileOf(said),
  flags: {},
  erased: false,
})

const labelOf = (
  { type, id, title, url }: Content & { title?: string | undefined; url?: string | undefined },
  at: Instant,
): ContentLabel | undefined =>
  title === undefined && url === undefined ? undefined : { content: { type, id }, title, url, at }

const toCreated = (item: z.infer<(typeof itemSchemas)['contribution.created']>, at: Instant): Created => ({
  contribution: {
    type: item.type,
    userId: item.user.id,
    occurredAt: item.occurred_at,
    content: { type: item.content.type, id: item.content.id },
    parent: item.parent ?? null,
    locale: item.locale ?? '',
    product: item.product ?? '',
    self: item.self ?? false,
  },
  contributor: contributorOf(item.user, at),
  label: labelOf(item.content, at),
  spam: item.spam ?? false,
})

const toAmended = (
  { content, type, set }: z.infer<(typeof itemSchemas)['contribution.amended']>,
  at: Instant,
): Amended => ({
  amendment: {
    content,
    type: type ?? null,
    set: given({
      userId: set.user?.id,
      locale: set.locale === null ? '' : set.locale,
      product: set.product === null ? '' : set.product,
      parent: set.parent,
      self: set.self === null ? false : set.self,
    }),
    at,
  },
  contributor: set.user && contributorOf(set.user, at),
})

/**
 * The schema of a contribution, compiled: four times as fast if the contribution is valid. The schema itself parses any
 * other, and all of them where code cannot be compiled, as in a Worker that has started.
 */
const compiledContribution = z.compile(itemSchemas['contribution.created'])

/**
 * Validates one contribution: its schema, that `occurred_at` is not in the future, and that it has the parent that its
 * type needs; a line of an export may lack it, because the type may not have needed one when it was recorded. Its facts
 * about the user are dated `at`: the message's timestamp. A backfill passes undefined, and they are dated `occurred_at`.
 */
export const parseContribution = (
  input: unknown,
  now: Instant,
  at: Instant | undefined,
  path: readonly PropertyKey[] = [],
  isRecorded = false,
): Created | InvalidMessage => {
  const item = parse(compiledContribution, input, path)
  if (isInvalid(item)) return item
  if (item.parent === undefined && !isRecorded) {
    const { one, needs_parent: needsParent } = typeDefinition(item.type)
    const detail = `Missing: use an object with type and id: each ${one} needs a parent`
    if (needsParent) return invalidAt([...path, 'parent'], detail)
  }
  const { occurred_at: occurredAt } = item
  const invalid = (use: string): InvalidMessage =>
    invalidAt([...path, 'occurred_at'], `Cannot use ${formatInstant(occurredAt)}: ${use}`)
  if (occurredAt < firstOccurredAt) return invalid('use 2000-01-01T00:00:00Z or later')
  if (occurredAt > now + aheadMilliseconds) return invalid('it is more than 5 minutes ahead')
  return toCreated(item, at ?? occurredAt)
}

type ItemParser<Item> = (input: unknown, path: readonly PropertyKey[]) => Item | InvalidMessage

/** Parses `data`: one item, or an array of them. If any item is invalid, returns the issues of all invalid items. */
const parseItems = <Item>(data: unknown, parseItem: ItemParser<Item>): Item[] | InvalidMessage => {
  if (data === undefined)
    return invalidAt(['data'], `Missing: use an object, or an array of 1 to ${itemsMax}`)
  if (!Array.isArray(data)) {
    const item = parseItem(data, ['data'])
    return isInvalid(item) ? item : [item]
  }
  if (data.length === 0 || data.length > itemsMax) {
    return invalidAt(['data'], `Cannot use an array of ${data.length}: use 1 to ${itemsMax} items`)
  }
  const items: Item[] = []
  const issues: BodyIssue[] = []
  for (const [index, input] of data.entries()) {
    const item = parseItem(input, ['data', index])
    if (isInvalid(item)) issues.push(...item.issues)
    else items.push(item)
  }
  return issues.length === 0 ? items : invalidMessage(issues)
}

/** Builds an item parser from a schema and a function that converts the validated item. */
const itemsOf =
  <Raw, Item>(schema: z.ZodMiniType<Raw>, make: (raw: Raw) => Item): ItemParser<Item> =>
  (input, path) => {
    const raw = parse(schema, input, path)
    return isInvalid(raw) ? raw : make(raw)
  }

/** The parsers of the items of each type, for a message of instant `at`. */
const parsersAt = (at: Instant, now: Instant, isRecorded: boolean) =>
  ({
    'contribution.created': (input: unknown, path: readonly PropertyKey[]) =>
      parseContribution(input, now, at, path, isRecorded),
    'contribution.retracted': itemsOf(
      itemSchemas['contribution.retracted'],
      ({ content, type, reason }): Correction => ({
        content,
        type: type ?? null,
        retracted: true,
        at,
        reason,
      }),
    ),
    'contribution.restored': itemsOf(
      itemSchemas['contribution.restored'],
      ({ content, type, reason }): Correction => ({
        content,
        type: type ?? null,
        retracted: false,
        at,
        reason: reason ?? null,
      }),
    ),
    'contribution.amended': itemsOf(itemSchemas['contribution.amended'], (raw) => toAmended(raw, at)),
    'content.deleted': itemsOf(itemSchemas['content.deleted'], ({ content }): Deletion => ({
      content,
      deleted: true,
      at,
    })),
    'content.undeleted': itemsOf(itemSchemas['content.undeleted'], ({ content }): Deletion => ({
      content,
      deleted: false,
      at,
    })),
    'user.updated': itemsOf(itemSchemas['user.updated'], (raw): UserFacts => {
      const flags = given({ is_active: raw.is_active, is_system: raw.is_system, is_hidden: raw.is_hidden })
      const groups = raw.groups && [...new Set(raw.groups)].sort()
      return { id: raw.id, at, profile: profileOf(raw), flags, groups, erased: false }
    }),
    'user.erased': itemsOf(itemSchemas['user.erased'], ({ id }): UserFacts => ({
      id,
      at,
      profile: {},
      flags: {},
      erased: true,
    })),
    'coverage.declared': itemsOf(
      itemSchemas['coverage.declared'],
      ({ type, complete, since }): CoverageDeclaration => ({ type, complete, since: since ?? null, at }),
    ),
  }) satisfies Record<Message['type'], ItemParser<unknown>>

/**
 * Validates a whole message. Returns its items, or every issue found. `isRecorded` says that its items were recorded
 * before, as those of an export were.
 */
export const parseMessage = (input: unknown, now: Instant, isRecorded = false): Message | InvalidMessage => {
  const envelope = parse(envelopeSchema, input, [])
  if (isInvalid(envelope)) return envelope
  const { type, timestamp, data } = envelope
  if (timestamp > now + aheadMilliseconds) {
    return invalidAt(['timestamp'], `Cannot use ${formatInstant(timestamp)}: it is more than 5 minutes ahead`)
  }
  const items = parseItems<unknown>(data, parsersAt(timestamp, now, isRecorded)[type])
  return isInvalid(items) ? items : ({ type, items } as Message)
}

/** The outcome of one item of a message. */
export type ItemResult =
  | { status: 'recorded' | 'duplicate' | 'conflict'; position: number }
  | { status: 'ignored'; reason: IgnoredReason }
  | { status: 'applied' | 'unchanged' }

const isGiven = <Value>(value: Value | undefined): value is Value => value !== undefined

/** An amendment that moves a contribution to a system account is ignored. */
const isIgnored = ({ amendment }: Amended, systemUsers: ReadonlySet<number>): boolean =>
  systemUsers.has(amendment.set.userId ?? 0)

const ignoredReason = (item: Created, systemUsers: ReadonlySet<number>): IgnoredReason | undefined => {
  if (item.spam) return 'spam'
  return systemUsers.has(item.contribution.userId) ? 'system_account' : undefined
}

/** What a message appends to the log. */
export const logInputOf = (message: Message, systemUsers: ReadonlySet<number>): LogInput => {
  switch (message.type) {
    case 'contribution.created': {
      const kept = message.items.filter((item) => ignoredReason(item, systemUsers) === undefined)
      return {
        ...nothing,
        contributions: kept.map(({ contribution }) => contribution),
        contributors: message.items.map(({ contributor }) => contributor),
        labels: kept.map(({ label }) => label).filter(isGiven),
      }
    }
    case 'contribution.amended': {
      const kept = message.items.filter((item) => !isIgnored(item, systemUsers))
      return {
        ...nothing,
        amendments: kept.map(({ amendment, contributor }) => Object.assign({ contributor }, amendment)),
        contributors: message.items.map(({ contributor }) => contributor).filter(isGiven),
      }
    }
    case 'contribution.retracted':
    case 'contribution.restored':
      return { ...nothing, corrections: message.items }
    case 'user.updated':
    case 'user.erased':
      return { ...nothing, users: message.items }
    case 'coverage.declared':
      return { ...nothing, declarations: message.items }
    case 'content.deleted':
    case 'content.undeleted':
      return { ...nothing, deletions: message.items }
  }
}

const appliedOrUnchanged = (isNew: boolean): ItemResult => ({ status: isNew ? 'applied' : 'unchanged' })

/** One result per item of a message, in order. */
export const resultsOf = (
  message: Message,
  systemUsers: ReadonlySet<number>,
  appended: Appended,
): ItemResult[] => {
  switch (message.type) {
    case 'contribution.created': {
      const verdicts = appended.contributions.values()
      return message.items.map((item) => {
        const reason = ignoredReason(item, systemUsers)
        if (reason !== undefined) return { status: 'ignored', reason }
        const verdict = verdicts.next().value
        if (verdict === undefined) throw new Error('The log gave no verdict on a contribution')
        return verdict
      })
    }
    case 'contribution.retracted':
    case 'contribution.restored':
      return appended.corrections.map(appliedOrUnchanged)
    case 'user.updated':
    case 'user.erased':
      return appended.users.map(appliedOrUnchanged)
    case 'coverage.declared':
      return appended.declarations.map(appliedOrUnchanged)
    case 'contribution.amended': {
      const verdicts = appended.amendments.values()
      return message.items.map((item) =>
        isIgnored(item, systemUsers)
          ? { status: 'ignored', reason: 'system_account' }
          : appliedOrUnchanged(verdicts.next().value === true),
      )
    }
    case 'content.deleted':
    case 'content.undeleted':
      return appended.deletions.map(appliedOrUnchanged)
  }
}
