import type { Rule } from '../definitions/definitions.ts'
import type { Stretch } from './calendar.ts'
import type { Window } from './instant.ts'

/**
 * What can be counted for each user: contributions, their distinct parents, or the distinct days on which they were
 * made.
 */
export const measures = ['contributions', 'parents', 'days'] as const
export type MeasureName = (typeof measures)[number]

/** What is counted for each user. `parents` ignores contributions without a parent. */
export type Measure =
  | { of: 'contributions' }
  /** `isLong`: the window may contain more events than one statement should read. */
  | { of: 'parents'; isLong: boolean }
  | { of: 'days'; stretches: Stretch[] }

export const countContributions: Measure = { of: 'contributions' }

/** A locale and a product to filter by. An empty string selects contributions that have none. */
export interface Filter {
  /** Exactly this locale; undefined for any. */
  locale: string | undefined
  /** Exactly this product; undefined for any. */
  product: string | undefined
}

/** Whether a rule counts contributions in a locale. */
export const isInLocale = (rule: Rule['locale'], locale: string, defaultLocale: string): boolean => {
  if (rule === 'any') return true
  return rule === 'default' ? locale === defaultLocale : locale !== '' && locale !== defaultLocale
}

/** Any locale and any product. */
export const noFilter: Filter = { locale: undefined, product: undefined }

/** Which events to count: a rule, a window, and the caller's filters. */
export interface Selection extends Filter {
  rule: Rule
  window: Window
  /** Only users who are in this group now; undefined for all. */
  group?: string | undefined
  /** The locale that `default` stands for in the rule. */
  defaultLocale: string
  measure: Measure
  /** Only events up to this position; undefined for the whole log. */
  position: number | undefined
}
