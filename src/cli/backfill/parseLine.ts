import * as z from 'zod/mini'
import type { Instant } from '../../contributions/instant.ts'
import { instant } from '../../ingest/fields.ts'
import { parseContribution, parseMessage, type Message, type Parsed } from '../../ingest/message.ts'
import { contributionSchema, envelopeSchema, messageTypes } from '../../ingest/schemas.ts'
import { unknownFields, wholeMessages, type UnknownField } from '../../ingest/unknownFields.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import type { Line } from '../lines/input.ts'

/** A message as a line holds it: an export says besides when it was recorded. */
const messages = wholeMessages(z.extend(envelopeSchema, { recorded_at: z.optional(instant) }))

/** A valid line, and what in it is ignored because no schema names it. */
export type ParsedLine =
  | { ok: true; value: Message; unknown: Iterable<UnknownField> }
  | Extract<Parsed<Message>, { ok: false }>

const isMessage = (value: object): boolean =>
  'data' in value ||
  'timestamp' in value ||
  ('type' in value && messageTypes.some((type) => type === value.type))

/**
 * Reads a line by the webhook's rules: a whole message, or a Contribution on its own, which speaks of its user as
 * of its own `occurred_at`. undefined for a blank line.
 */
export const parseLine = (line: Line, now: Instant): ParsedLine | undefined => {
  const decoded = decodeLine(line)
  if (decoded === undefined || !decoded.ok) return decoded
  const { value } = decoded
  if (typeof value === 'object' && value !== null && isMessage(value)) {
    const message = parseMessage(value, now)
    if (!message.ok) return message
    return { ...message, unknown: unknownFields(messages[message.value.type], value) }
  }
  const created = parseContribution(value, now, undefined)
  if (!created.ok) return created
  return {
    ok: true,
    value: { type: 'contribution.created', items: [created.value] },
    unknown: unknownFields(contributionSchema, value),
  }
}
