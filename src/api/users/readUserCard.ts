import * as z from 'zod/mini'
import { themes, variants, type CardStyle, type Theme } from '../../cards/cardOptions.ts'
import { daysOfWeeks, type Portrait } from '../../cards/portrait.ts'
import { renderUnavailableCard, renderUnknownCard, renderUserCard } from '../../cards/renderCard.tsx'
import { contentSecurityPolicies } from '../../cards/cardStyles.ts'
import { wordsOf, type Words } from '../../cards/wordsOf.ts'
import { formatDay, type DayNumber } from '../../contributions/calendar.ts'
import { afterAllEvents, formatInstant, type Instant, windowAt } from '../../contributions/instant.ts'
import { definitions } from '../../definitions/definitions.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type RespondFailure } from '../../http/endpoint.ts'
import { prefersImage } from '../../http/headers.ts'
import { isTemporary, problemOf, problemResponse } from '../../http/problem.ts'
import { aboutUser } from '../../memory/AnswerMemory.ts'
import type { Filter } from '../../contributions/selection.ts'
import type { CounterAnswer, UserPortrait } from '../../projections/user/UserCounter.ts'
import { countsOver, earliest } from '../../projections/user/userCounts.ts'
import type { CalendarQuery } from '../../projections/user/userEvents.ts'
import { dayAt, dayPieces, startOfDay } from '../days.ts'
import { freshnessOf, momentOf, type Moment, asOfParameter } from '../moment.ts'
import { atLeastParameter, languageParameter, localeParameter, productParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './readCounter.ts'

const contentType = 'image/svg+xml; charset=utf-8'

const safetyHeaders = (theme: Theme): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicies[theme],
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
})

const querySchema = z.strictObject({
  theme: z
    .prefault(z.enum(themes, { error: `use one of ${themes.join(', ')}` }), 'auto')
    .register(documented, { description: '`auto` follows the viewer’s system' }),
  variant: z
    .prefault(z.enum(variants, { error: `use one of ${variants.join(', ')}` }), 'standard')
    .register(documented, {
      description:
        '`standard` has numbers and a bar for each week, `compact` is small, `wide` has a calendar of a year',
    }),
  lang: languageParameter,
  locale: localeParameter,
  product: productParameter,
  as_of: asOfParameter,
  at_least: atLeastParameter,
})

/** The appearance that an address asks for, with defaults in place of what it cannot use. */
const styleOf = ({ searchParams }: URL): CardStyle => {
  const { theme, variant, lang } = querySchema.shape
  const given = (name: string): string | undefined => searchParams.get(name) ?? undefined
  const [{ data: themeName }, { data: variantName }, { data: language }] = [
    theme.safeParse(given('theme')),
    variant.safeParse(given('variant')),
    lang.safeParse(given('lang')),
  ]
  return {
    theme: themeName ?? 'auto',
    variant: variantName ?? 'standard',
    language: language ?? definitions.site.language,
  }
}

/** A card that says why it has no numbers: an image whatever the status, because an `<img>` can show nothing else. */
const notice = (text: string, { theme }: CardStyle, status: number, headers?: Headers): Response => {
  const response = new Response(text, { status, ...(headers && { headers }) })
  const own = { 'content-type': contentType, 'cache-control': 'no-store', ...safetyHeaders(theme) }
  for (const [name, value] of Object.entries(own)) response.headers.set(name, value)
  return response
}

/** Browsers show an image whatever its status. Other callers get the problem. */
const respondFailure: RespondFailure = async (request, failure) => {
  const problem = problemResponse(failure)
  const isImage = isTemporary(problemOf(failure).problem) && prefersImage(request.headers.get('accept'))
  if (!isImage) return problem
  const style = styleOf(new URL(request.url))
  return notice(renderUnavailableCard(style), style, problem.status, problem.headers)
}

const yearOf = (instant: Instant | null): number | null =>
  instant === null ? null : new Date(instant).getUTCFullYear()

const portraitOf = (
  { user, counts, days }: UserPortrait,
  { nameOf }: Words,
  scope: Filter,
  { live }: Moment,
  today: DayNumber,
): Portrait => ({
  name: nameOf(user),
  total: counts.lifetime.total,
  types: counts.lifetime,
  last30Days: countsOver(counts, 30)?.total ?? 0,
  last90Days: countsOver(counts, 90)?.total ?? 0,
  sinceYear: yearOf(earliest(counts.first)),
  days,
  today,
  asOf: live ? null : formatDay(today),
  scope,
})

/** The query for the days of a card. A live card includes contributions dated slightly in the future by a fast clock. */
const daysQuery = ({ locale, product }: Filter, { asOf, live }: Moment, today: DayNumber): CalendarQuery => {
  const { from, to } = daysOfWeeks(today)
  return {
    window: { from: startOfDay(from, 'UTC'), to: windowAt(null, asOf, live).to },
    type: undefined,
    locale,
    product,
    pieces: dayPieces(from, to, 'UTC'),
  }
}

/** A live card also changes at the next midnight, when its weeks shift. */
const holdsUntil = ({ counts }: UserPortrait, { live }: Moment, today: DayNumber): Instant =>
  live ? Math.min(counts.validUntil, startOfDay(today + 1, 'UTC')) : afterAllEvents

/** `GET /v1/users/{id}/card.svg`. */
export const readUserCard = endpoint({
  id: 'readUserCard',
  tag: 'Users',
  summary: 'Get a card for profile pages and READMEs',
  description:
    'An SVG image of a user’s contributions: all of them, or only those with a given locale or product. It has a light and a dark theme, three sizes and several languages. For an unknown user the answer is a 404 with an image that says so; a 429, 500 or 503 is an image too for callers who prefer images, as an `<img>` does. The headers `Perennial-As-Of` and `Perennial-Position` give the instant and the log position that it reflects.',
  path: shape.userPath,
  query: querySchema,
  answer: z.strictObject(shape.moment),
  format: { mediaType: 'image/svg+xml', schema: z.string(), evenNotFound: true },
  cached: true,
  problems: ['not-found'],
  respondFailure,
  examples: {
    'A dark card': { path: { id: 42 }, query: { theme: 'dark' } },
    'A small card in German': { path: { id: 42 }, query: { variant: 'compact', lang: 'de' } },
  },
  async handle(call) {
    const { theme, variant, lang: language, locale, product, as_of: asOf } = call.query
    const [style, filter] = [
      { theme, variant, language },
      { locale, product },
    ]
    const moment = momentOf(asOf, call.now)
    if (isFailure(moment)) return moment
    const today = dayAt(moment.asOf, 'UTC')
    const days = daysQuery(filter, moment, today)
    const found = await readCounter(call, async (counter, request): Promise<CounterAnswer<UserPortrait>> =>
      counter.portray(request, asOf, days),
    )
    if (isFailure(found))
      return found.failure === 'not-found' ? notice(renderUnknownCard(style), style, 404) : found
    const text = renderUserCard(portraitOf(found, wordsOf(language), filter, moment, today), style)
    return {
      body: { as_of: formatInstant(moment.asOf), position: found.position },
      rendition: { contentType, text, headers: safetyHeaders(theme) },
      freshness: freshnessOf(moment),
      ageSeconds: found.ageSeconds,
      holds: aboutUser(holdsUntil(found, moment, today), found.reflects),
    }
  },
})
