import * as z from 'zod/mini'
import type { Instant } from '../../contributions/instant.ts'
import { quote } from '../../http/problem.ts'
import { instant } from '../../ingest/fields.ts'
import { parseContribution, parseMessage, type Message, type Parsed } from '../../ingest/message.ts'
import { contributionSchema, envelopeSchema, messageTypes } from '../../ingest/schemas.ts'
import { unknownFields, wholeMessages, type UnknownField } from '../../ingest/unknownFields.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import type { Line } from '../lines/input.ts'

/** A message as a line holds it: an export also says when it was recorded. */
const messages = wholeMessages(z.extend(envelopeSchema, { recorded_at: z.optional(instant) }))

/** What a line holds. */
export interface LineContents {
  message: Message
  /** When its items were first recorded: only a line of an export says so. */
  recordedAt?: Instant
  /** The fields that are ignored because no schema names them. */
  unknown: Iterable<UnknownField>
}

export const isMessage = (value: object): boolean =>
  'data' in value ||
  'timestamp' in value ||
  ('type' in value && messageTypes.some((type) => type === value.type))

/** The messages that an export marks with `recorded_at`. */
const markedTypes = new Set<unknown>([
  'contribution.created',
  'contribution.retracted',
  'contribution.restored',
])

/**
 * Reads a message with the `recorded_at` of an export. The webhook's own parser never sees that field, so a sender
 * of webhooks gains nothing by it.
 */
const parseExported = (value: object, now: Instant): Parsed<LineContents> => {
  const isMarked = 'type' in value && 'recorded_at' in value && markedTypes.has(value.type)
  const { recorded_at: given, ...rest }: { recorded_at?: unknown } = value
  const parsed = parseMessage(isMarked ? rest : value, now)
  const recordedAt = isMarked && given !== null ? instant.safeParse(given) : undefined
  if (parsed.ok && recordedAt?.success !== false) {
    const unknown = unknownFields(messages[parsed.value.type], value)
    return {
      ok: true,
      value: { message: parsed.value, unknown, ...(recordedAt && { recordedAt: recordedAt.data }) },
    }
  }
  const unusable = (recordedAt?.error?.issues ?? []).map(({ message }) => ({
    pointer: '/recorded_at',
    detail: `Cannot use ${quote(given)}: ${message}`,
  }))
  return { ok: false, faults: [...(parsed.ok ? [] : parsed.faults), ...unusable] }
}

/**
 * Reads a line by the webhook's rules: a whole message, or a Contribution on its own, which speaks of its user as
 * of its own `occurred_at`.
 */
export const parseLine = (line: Line, now: Instant): Parsed<LineContents> => {
  const decoded = decodeLine(line)
  if (!decoded.ok) return decoded
  const { value } = decoded
  if (typeof value === 'object' && value !== null && isMessage(value)) return parseExported(value, now)
  const created = parseContribution(value, now, undefined)
  if (!created.ok) return created
  const message: Message = { type: 'contribution.created', items: [created.value] }
  return { ok: true, value: { message, unknown: unknownFields(contributionSchema, value) } }
}
