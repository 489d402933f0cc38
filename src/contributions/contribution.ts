import type { Instant } from './instant.ts'

/** Every type of contribution. The one list: schema, API and pages follow it. */
export const contributionTypes = [
  'question',
  'answer',
  'solution',
  'kb_edit',
  'kb_review',
  'helpful_vote',
] as const
export type ContributionType = (typeof contributionTypes)[number]

/** What a contribution is about, or its parent: an opaque pair that the site chose. */
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
  /** `''` where the site gave none. */
  locale: string
  /** `''` where the site gave none. */
  product: string
  /** The contributor acted on their own content. */
  self: boolean
}

export const retractionReasons = ['spam', 'unsolved', 'fraud', 'mistake', 'other'] as const
export type RetractionReason = (typeof retractionReasons)[number]

/** A later fact about the contributions about a content: about every type, or about one. */
export interface Correction {
  content: Content
  /** null corrects every type about the content. */
  type: ContributionType | null
  retracted: boolean
  /** When it became true at the sender: the latest that applies wins. */
  at: Instant
  reason: RetractionReason | null
}

/** How far back a type's history reaches, as a backfill declared it. */
export interface CoverageDeclaration {
  type: ContributionType
  complete: boolean
  since: Instant | null
  at: Instant
}

/** Why a contribution was not recorded although nothing is wrong with it. */
export const ignoredReasons = ['spam', 'system_account', 'content_deletion'] as const
export type IgnoredReason = (typeof ignoredReasons)[number]
