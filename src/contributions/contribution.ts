import type { ContributionType } from '../definitions/definitions.ts'
import type { Instant } from './instant.ts'

/** What a contribution is about, or its parent. Both fields are opaque and chosen by the site. */
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
  /** Whether the contributor acted on their own content. */
  self: boolean
}

export const retractionReasons = ['spam', 'unsolved', 'fraud', 'mistake', 'other'] as const
export type RetractionReason = (typeof retractionReasons)[number]

/** The reasons for which an entry of the log reverses another. */
export const reversalReasons = [...retractionReasons, 'amended'] as const

/** Retracts or restores the contributions about a content, of every type or of one. */
export interface Correction {
  content: Content
  /** null for every type. */
  type: ContributionType | null
  retracted: boolean
  /** When it became true at the sender. Of all corrections that apply, the latest wins. */
  at: Instant
  reason: RetractionReason | null
}

/** The facts of a contribution that an amendment may change. */
export type AmendableFacts = Pick<Contribution, 'userId' | 'locale' | 'product' | 'parent' | 'self'>

/** New values for the contributions about a content, of every type or of one. Absent fields stay unchanged. */
export interface Amendment {
  content: Content
  /** null for every type. */
  type: ContributionType | null
  set: Partial<AmendableFacts>
  /** When it became true at the sender. For each field, the latest amendment that applies wins. */
  at: Instant
}

/** The deletion or undeletion of a content. */
export interface Deletion {
  content: Content
  deleted: boolean
  /** When it became true at the sender. The latest one wins. */
  at: Instant
}

/** The title and address of a content, which lists show. Absent fields stay unchanged. */
export interface ContentLabel {
  content: Content
  title?: string | undefined
  url?: string | undefined
  /** When it became true at the sender. For each field, the latest one wins. */
  at: Instant
}

/** How far back a type's history reaches, as declared by a `coverage.declared` message. */
export interface CoverageDeclaration {
  type: ContributionType
  complete: boolean
  since: Instant | null
  at: Instant
}

/** The reasons for which a valid item is ignored. */
export const ignoredReasons = ['spam', 'system_account'] as const
export type IgnoredReason = (typeof ignoredReasons)[number]

/** The possible outcomes of an item of a message. */
export const outcomes = ['recorded', 'duplicate', 'conflict', 'ignored', 'applied', 'unchanged'] as const
