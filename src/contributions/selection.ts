import type { Rule } from '../definitions/definitions.ts'
import type { Window } from './window.ts'

/** Which events to count: a rule, a window, and the caller's filters. */
export interface Selection {
  rule: Rule
  window: Window
  /** Exactly this locale; undefined for any. */
  locale: string | undefined
  /** Exactly this product; undefined for any. */
  product: string | undefined
  /** The locale of a rule's `default`. */
  defaultLocale: string
  /** Only events up to this position; undefined for the whole log. */
  position: number | undefined
}
