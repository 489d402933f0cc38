import type { ContributionType } from '../../src/definitions/definitions.ts'
import type { Content, RetractionReason } from '../../src/contributions/contribution.ts'
import { formatInstant, type Instant } from '../../src/contributions/instant.ts'
import type { MessageType } from '../../src/ingest/schemas.ts'

/** A contribution as sent in a message. */
export interface SentContribution {
  type: ContributionType
  user: { id: number; username: string; display_name: string | null }
  occurred_at: string
  content: Content
  parent?: Content
  locale?: string
  product?: string
  self?: boolean
  spam?: boolean
}

/** A webhook message, whose `data` is always an array. */
export interface SentMessage {
  type: MessageType
  timestamp: string
  data: readonly unknown[]
}

/** A message with one item. */
export const aMessage = (type: MessageType, at: Instant, item: unknown): SentMessage => ({
  type,
  timestamp: formatInstant(at),
  data: [item],
})

/** A message about one contribution, dated when it was made. */
export const created = (contribution: SentContribution): SentMessage => ({
  type: 'contribution.created',
  timestamp: contribution.occurred_at,
  data: [contribution],
})

/** A message that retracts all contributions about a content, or only its solution. */
export const retracted = (
  at: Instant,
  content: Content,
  reason: RetractionReason,
  type?: 'solution',
): SentMessage => aMessage('contribution.retracted', at, { content, reason, ...(type && { type }) })
