import * as z from 'zod/mini'
import { badge } from '../../cards/badge.ts'
import { wordsOf, type Words } from '../../cards/wordsOf.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { aboutUser } from '../../memory/AnswerMemory.ts'
import type { CountedWindow, CounterAnswer } from '../../projections/user/UserCounter.ts'
import { freshnessOf, momentOf, asOfParameter } from '../moment.ts'
import {
  atLeastParameter,
  languageParameter,
  localeParameter,
  productParameter,
  typeParameter,
} from '../parameters.ts'
import { formatEnd, spanOf, spanParameters } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './readCounter.ts'

const badgeSchema = z
  .strictObject({
    schemaVersion: described(z.literal(1), 'The version of Shields’ format'),
    label: described(z.string(), 'The left side: what is counted, with any product, locale and period'),
    message: described(z.string(), 'The right side: the count'),
    color: described(z.string(), 'The colour of the right side'),
  })
  .register(documented, { id: 'Badge', description: 'A badge in the endpoint format of Shields' })

const querySchema = z.strictObject({
  type: typeParameter,
  ...spanParameters({ default: 'all' }),
  lang: languageParameter,
  locale: localeParameter,
  product: productParameter,
  as_of: asOfParameter,
  at_least: atLeastParameter,
})
type Query = z.infer<typeof querySchema>

/** The badge's words for its window or period; empty for all time. */
const timeOf = ({ window, from, to, period }: Query, words: Words): string => {
  if (period) return words.phrase('inPeriod', { period: period.name })
  if (from && to) return words.phrase('betweenDays', { from: formatEnd(from), to: formatEnd(to) })
  if (from) return words.phrase('fromDay', { from: formatEnd(from) })
  if (to) return words.phrase('beforeDay', { to: formatEnd(to) })
  return typeof window === 'number' ? words.byCount('inDays', window) : ''
}

/** The words of a badge besides the type: product, locale and time, as far as the query selects by them. */
const detailsOf = (query: Query, words: Words): string[] =>
  [...words.scopeOf(query), timeOf(query, words)].filter((detail) => detail !== '')

/** `GET /v1/users/{id}/badge.json`. */
export const readUserBadge = endpoint({
  id: 'readUserBadge',
  tag: 'Users',
  summary: 'Get a user badge',
  description:
    'One of a user’s numbers in the endpoint format of Shields (shields.io/badges/endpoint-badge). The headers `Perennial-As-Of` and `Perennial-Position` give the instant and the log position that it reflects.',
  path: shape.userPath,
  query: querySchema,
  answer: z.strictObject(shape.moment),
  format: { mediaType: 'application/json', schema: badgeSchema },
  cached: true,
  problems: ['not-found'],
  examples: {
    'Answers of all time': { path: { id: 42 }, query: { type: 'answer', window: 'all' } },
  },
  async handle(call) {
    const { type, locale, product, as_of: asOf } = call.query
    const moment = momentOf(asOf, call.now)
    if (isFailure(moment)) return moment
    const span = spanOf(call.query, null)
    if (isFailure(span)) return span
    const found = await readCounter(call, async (counter, request): Promise<CounterAnswer<CountedWindow>> =>
      counter.countOne(request, { span, type, locale, product, asOf }),
    )
    if (isFailure(found)) return found
    const words = wordsOf(call.query.lang)
    const text = JSON.stringify(badge(found.count, type, detailsOf(call.query, words), words))
    return {
      body: { as_of: formatInstant(moment.asOf), position: found.position },
      rendition: { contentType: 'application/json', text },
      freshness: freshnessOf(moment),
      ageSeconds: found.ageSeconds,
      holds: aboutUser(found.validUntil, found.reflects),
    }
  },
})
