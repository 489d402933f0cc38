import { boards, metrics } from '../../definitions/definitions.ts'
import type { WindowRule } from './rollingWindow.ts'

/** Which ranking an object keeps. */
export interface RankingKey {
  /** A board's name, or a metric's. */
  of: string
  windowDays: number | null
  locale: string | null
  product: string | null
}

/** The name of a ranking's object: its key as JSON. */
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

/** What the object of a name counts. Throws if there is no such board or metric. */
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
