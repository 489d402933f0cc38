import * as z from 'zod/mini'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import { typeName } from '../../definitions/schema.ts'
import { aheadMilliseconds, firstOccurredAt, type Instant } from '../../contributions/instant.ts'
import { invalidMessage, isFailure, quote, type InvalidMessage } from '../../failure.ts'
import { parseContribution, parseMessage, type Message } from '../../ingest/message.ts'
import { contributionSchema, envelopeSchema, instant, messageTypes } from '../../ingest/schemas.ts'
import { unknownFields, messageSchemasIn, type UnknownField } from '../../ingest/unknownFields.ts'
import { decodeLine, type Line } from '../lines/input.ts'

/** The schemas of exported messages, which also have `recorded_at`. */
const exportedMessages = messageSchemasIn(z.extend(envelopeSchema, { recorded_at: z.optional(instant) }))

export interface LineContents {
  message: Message
  /** When its items were first recorded. Only lines of an export have it. */
  recordedAt?: Instant
  /** Searches for the fields that are ignored because they are not in the schema. */
  unknown: () => UnknownField[]
}

/** A line without a known type is a message if it has fields of one. A contribution may also have them, as unknown fields. */
const isMessage = (value: { type?: unknown }): boolean =>
  messageTypes.some((type) => type === value.type) ||
  (!contributionTypes.some((type) => type === value.type) && ('data' in value || 'timestamp' in value))

/** The message types to which an export adds `recorded_at`. */
const contributionMessages = new Set<unknown>([
  'contribution.created',
  'contribution.retracted',
  'contribution.restored',
  'contribution.amended',
])

/** The schema of `recorded_at`: not before the earliest possible contribution, and not in the future. */
const recordedInstant = (now: Instant) =>
  instant.check(
    z.refine((recorded) => recorded >= firstOccurredAt && recorded <= now + aheadMilliseconds, {
      error: 'use an instant from 2000-01-01T00:00:00Z to now',
    }),
  )

/**
 * Parses a message that may have the `recorded_at` of an export. The webhook's parser ignores that field, so the sender
 * of a webhook cannot set it.
 */
const parseExported = (value: object, now: Instant): LineContents | InvalidMessage => {
  const hasDate = 'type' in value && 'recorded_at' in value && contributionMessages.has(value.type)
  const { recorded_at: given, ...rest }: { recorded_at?: unknown } = value
  const recordedAt = hasDate && given !== null ? recordedInstant(now).safeParse(given) : undefined
  const message = parseMessage(hasDate ? rest : value, now, recordedAt !== undefined)
  if (!isFailure(message) && recordedAt?.success !== false) {
    const unknown = (): UnknownField[] => unknownFields(exportedMessages[message.type], value)
    return { message, unknown, ...(recordedAt && { recordedAt: recordedAt.data }) }
  }
  const dateIssues = (recordedAt?.error?.issues ?? []).map((issue) => ({
    pointer: '/recorded_at',
    detail: `Cannot use ${quote(given)}: ${issue.message}`,
  }))
  return invalidMessage([...(isFailure(message) ? message.issues : []), ...dateIssues])
}

/**
 * Parses a line by the webhook's rules: a message, or a single Contribution, whose facts about its user are dated
 * `occurred_at`.
 */
export const parseLine = (line: Line, now: Instant): LineContents | InvalidMessage => {
  const decoded = decodeLine(line)
  if (isFailure(decoded)) return decoded
  const { value } = decoded
  if (typeof value === 'object' && value !== null && isMessage(value)) return parseExported(value, now)
  const created = parseContribution(value, now, undefined)
  if (isFailure(created)) return created
  return {
    message: { type: 'contribution.created', items: [created] },
    unknown: () => unknownFields(contributionSchema, value),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The type that an item names, or all types if it names none. An item that was recorded before with another type is
 * about none of those that are still defined.
 */
const typesOfItem = (item: unknown, isRecorded: boolean): readonly ContributionType[] => {
  const name = isObject(item) ? item['type'] : undefined
  const named = contributionTypes.find((type) => type === name)
  if (named !== undefined) return [named]
  return isRecorded && typeName.safeParse(name).success ? [] : contributionTypes
}

/** The types that an invalid line is, or may be, about. Without the line, their history may be incomplete. */
export const typesAffectedBy = (line: Line): ReadonlySet<ContributionType> => {
  const decoded = decodeLine(line)
  const value = isFailure(decoded) ? undefined : decoded.value
  if (!isObject(value)) return new Set(contributionTypes)
  if (!isMessage(value)) return new Set(typesOfItem(value, false))
  const { type, data, recorded_at: recordedAt } = value
  if (!contributionMessages.has(type)) {
    const isKnown = messageTypes.some((known) => known === type)
    return new Set(isKnown ? [] : contributionTypes)
  }
  if (data === undefined) return new Set(contributionTypes)
  const isRecorded = instant.safeParse(recordedAt).success
  return new Set([data].flat().flatMap((item) => typesOfItem(item, isRecorded)))
}
