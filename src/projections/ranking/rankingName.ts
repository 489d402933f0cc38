import { boards, metrics } from '../../definitions/definitions.ts'
import type { WindowRule } from './rollingWindow.ts'

/** Identifies the ranking that an object keeps. */
export interface RankingKey {
  /** The name of a board or a metric. */
  of: string
  windowDays: number | null
  locale: string | null
  product: string | null
}

/** The name of a ranking's Durable Object: its key as JSON. */
export const rankingName = ({ of, windowDays, locale, product }: RankingKey): string =>
  JSON.stringify([of, windowDays, locale, product])

const parseName = (name: string): RankingKey => {
  const [of, windowDays, locale, product] = JSON.parse(name) as [
    string,
    number | null,
    string | null,
    string | null,
  ]
  return { of, windowDays, locale, product }
}

/** What the ranking with this object name counts. Throws if there is no such board or metric. */
export const ruleOf = (name: string, defaultLocale: string): WindowRule => {
  const { of, windowDays, locale, product } = parseName(name)
  const board = boards.find((candidate) => candidate.board === of)
  const rule = board ?? metrics.find(({ metric }) => metric === of)
  if (!rule) throw new Error(`No such board or metric: ${of}`)
  return {
    rule,
    kind: board ? 'board' : 'metric',
    windowDays,
    locale: locale ?? undefined,
    product: product ?? undefined,
    defaultLocale,
  }
}
