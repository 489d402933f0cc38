import file from '../../definitions.json' with { type: 'json' }

/*
 * What a site's definitions mean, read by the oracle from the file itself and without the project's code.
 */

interface Counted {
  type: string
  locale?: string
  self?: boolean
}

interface WrittenRule {
  types: string[]
  counts_self: boolean
  locale: string
}

/** The parts of a definitions file that numbers depend on. */
export interface WrittenDefinitions {
  site: { default_locale: string }
  types: { type: string; counts_documents: boolean; needs_parent: boolean }[]
  leaderboards: (WrittenRule & { board: string })[]
  metrics: (WrittenRule & { metric: string; min: number; window_days: number })[]
}

/** What a site counts. */
export interface Rules {
  types: string[]
  /** Which contributions a board counts. */
  boards: Record<string, (one: Counted) => boolean>
  /** Which contributions a metric counts, and how many a user needs. */
  metrics: Record<string, [(one: Counted) => boolean, number]>
  /** The types whose contributions have a parent. */
  needParent: string[]
  /** The type whose parents are documents. */
  documentsType: string | undefined
}

export const rulesOf = ({ site, types, leaderboards, metrics }: WrittenDefinitions): Rules => {
  const counts =
    ({ types: counted, counts_self: countsSelf, locale: rule }: WrittenRule) =>
    (one: Counted): boolean => {
      const locale = one.locale ?? ''
      const isDefault = locale === site.default_locale
      const isInLocale =
        rule === 'any' || (rule === 'default' ? isDefault : rule === 'other' && locale !== '' && !isDefault)
      return counted.includes(one.type) && (countsSelf || one.self !== true) && isInLocale
    }
  return {
    types: types.map(({ type }) => type),
    boards: Object.fromEntries(leaderboards.map((rule) => [rule.board, counts(rule)])),
    metrics: Object.fromEntries(metrics.map((rule) => [rule.metric, [counts(rule), rule.min]])),
    needParent: types.filter((each) => each.needs_parent).map(({ type }) => type),
    documentsType: types.find(({ counts_documents: counted }) => counted)?.type,
  }
}

/** The rules of the site under test. */
export const rules = rulesOf(file)
