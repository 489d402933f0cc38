import type { Content, ContributionType } from '../../src/contributions/contribution.ts'
import { formatInstant, type Instant } from '../../src/contributions/instant.ts'
import type { MessageType } from '../../src/ingest/schemas.ts'

/** A Contribution as a site writes it into a message. */
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

/** A webhook message as a site writes it, always with an array. */
export interface SentMessage {
  type: MessageType
  /** When it became true. */
  timestamp: string
  data: readonly unknown[]
}

/** A message about one thing that became true at an instant. */
export const aMessage = (type: MessageType, at: Instant, item: unknown): SentMessage => ({
  type,
  timestamp: formatInstant(at),
  data: [item],
})

/** A contribution as a message of its own, dated when it happened. */
export const created = (contribution: SentContribution): SentMessage => ({
  type: 'contribution.created',
  timestamp: contribution.occurred_at,
  data: [contribution],
})
