import type { Rule } from './definitions.ts'
import type { Window } from './window.ts'

/** Which events a question is about: a rule, a window, and what the caller narrows it to. */
export interface Selection {
  rule: Rule
  window: Window
  /** Exactly this locale; undefined for any. */
  locale: string | undefined
  /** Exactly this product; undefined for any. */
  product: string | undefined
  /** What the rule's `default` means. */
  defaultLocale: string
  /** Only events up to this position; undefined for the whole log. */
  position: number | undefined
}
