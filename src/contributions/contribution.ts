import type { ContributionType } from '../definitions/definitions.ts'
import type { Instant } from './instant.ts'

/** What a contribution is about, or its parent: an opaque pair that the site chooses. */
export interface Content {
  type: string
  id: string
}

/** One credited act. Its identity is the pair (`type`, `content`). */
export interface Contribution {
  type: ContributionType
  userId: number
  occurredAt: Instant
  content: Content
  parent: Content | null
  /** `''` if the site gave none. */
  locale: string
  /** `''` if the site gave none. */
  product: string
  /** The contributor acted on their own content. */
  self: boolean
}

export const retractionReasons = ['spam', 'unsolved', 'fraud', 'mistake', 'other'] as const
export type RetractionReason = (typeof retractionReasons)[number]

/** Retracts or restores the contributions about a content, of every type or of one. */
export interface Correction {
  content: Content
  /** null for every type. */
  type: ContributionType | null
  retracted: boolean
  /** When it became true at the sender. The latest correction that applies wins. */
  at: Instant
  reason: RetractionReason | null
}

/** How far back a type's history reaches, as a backfill declares it. */
export interface CoverageDeclaration {
  type: ContributionType
  complete: boolean
  since: Instant | null
  at: Instant
}

/** Why a valid item was ignored. */
export const ignoredReasons = ['spam', 'system_account', 'content_deletion'] as const
export type IgnoredReason = (typeof ignoredReasons)[number]
