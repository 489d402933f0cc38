import type { Instant } from '../../contributions/instant.ts'
import { parseContribution, parseMessage, type Message, type Parsed } from '../../ingest/message.ts'
import { messageTypes } from '../../ingest/schemas.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import type { Line } from '../lines/input.ts'

const isMessage = (value: object): boolean =>
  'data' in value ||
  'timestamp' in value ||
  ('type' in value && messageTypes.some((type) => type === value.type))

/**
 * Reads a line by the webhook's rules: a whole message, or a Contribution on its own, which speaks of its user as
 * of its own `occurred_at`. undefined for a blank line.
 */
export const parseLine = (line: Line, now: Instant): Parsed<Message> | undefined => {
  const decoded = decodeLine(line)
  if (decoded === undefined || !decoded.ok) return decoded
  const { value } = decoded
  if (typeof value === 'object' && value !== null && isMessage(value)) return parseMessage(value, now)
  const created = parseContribution(value, now, undefined)
  return created.ok ? { ok: true, value: { type: 'contribution.created', items: [created.value] } } : created
}
