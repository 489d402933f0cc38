import { boards, metrics } from '../../contributions/definitions.ts'
import type { WindowRule } from './rollingWindow.ts'

/** Which ranking an object holds; its name is this as JSON. */
export interface RankingKey {
  /** A board's name, or a metric's. */
  of: string
  windowDays: number | null
  locale: string | null
  product: string | null
}

/** The name of the object that holds a ranking. */
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

/** What the object of a name counts. Throws when no board or metric is called so. */
export const ruleOf = (name: string, defaultLocale: string): WindowRule => {
  const { of, windowDays, locale, product } = parseName(name)
  const board = boards.find((candidate) => candidate.board === of)
  const rule = board ?? metrics.find(({ metric }) => metric === of)
  if (!rule) throw new Error(`No board or metric is called ${of}`)
  return {
    rule,
    exclusion: board ? 'board' : 'metric',
    windowDays,
    locale: locale ?? undefined,
    product: product ?? undefined,
    defaultLocale,
  }
}
