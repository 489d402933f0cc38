import * as z from 'zod/mini'
import { parseDay } from '../contributions/calendar.ts'
import { cardLanguages } from '../definitions/languages.ts'
import { contributionTypes, definitions } from '../definitions/definitions.ts'
import { parseInstant, parseWindowLength, windowPattern } from '../contributions/instant.ts'
import { documented } from '../http/documented.ts'
import { isTimeZone } from './days.ts'

const counting = (min: number, max: number, error: string) =>
  z.pipe(
    z.string({ error }).check(
      z.regex(/^(?:0|[1-9][0-9]{0,15})$/, { error }),
      z.refine((text) => Number(text) >= min && Number(text) <= max, { error }),
    ),
    z.transform(Number),
  )

/** A whole number, parsed from text. */
const wholeNumber = (min: number, max: number, description: string) =>
  counting(min, max, `use a whole number from ${min} to ${max}`).register(documented, {
    type: 'integer',
    minimum: min,
    maximum: max,
    description,
  })

/** `30d` or `all`. */
export const windowParameter = z
  .pipe(
    z
      .string()
      .check(
        z.refine((text) => parseWindowLength(text) !== undefined, { error: 'use "1d" to "3660d", or "all"' }),
      ),
    z.transform((text) => parseWindowLength(text) ?? null),
  )
  .register(documented, {
    pattern: windowPattern,
    description:
      '`1d` to `3660d`: that many days of 86,400 s up to `as_of`; without `as_of`, everything since that many days ago; or `all`',
  })

export const asOfParameter = z
  .optional(
    z.pipe(
      z.string().check(
        z.refine((text) => parseInstant(text) !== undefined, {
          error: 'use an RFC 3339 instant like 2026-03-01T00:00:00Z',
        }),
      ),
      z.transform((text) => parseInstant(text) ?? 0),
    ),
  )
  .register(documented, {
    format: 'date-time',
    description: 'Answer for this instant, from today’s log: RFC 3339 with an offset, not later than now',
  })

/** Matches a value exactly. The empty string selects events without a value. */
const exactly = (pattern: RegExp, error: string, description: string) =>
  z.optional(z.string().check(z.regex(pattern, { error }))).register(documented, { description })

export const localeParameter = exactly(
  /^(?:(?=.{1,35}$)[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?$/,
  'use a locale like "en-US", or nothing for events without one',
  'Only events with exactly this locale; empty for those without one',
)

export const productParameter = exactly(
  /^(?:[a-z0-9][a-z0-9._-]{0,63})?$/,
  'use a product like "firefox", or nothing for events without one',
  'Only events with exactly this product; empty for those without one',
)

export const languageParameter = z
  .prefault(
    z.enum(cardLanguages, { error: `use one of ${cardLanguages.join(', ')}` }),
    definitions.site.language,
  )
  .register(documented, {
    description: 'The language of words and numbers. Default: the language of the definitions',
  })

export const groupParameter = z
  .optional(
    z
      .string()
      .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'use the name of a group like "staff"' })),
  )
  .register(documented, { description: 'Only people who are in this group now' })

export const atLeastParameter = z.prefault(
  wholeNumber(
    0,
    Number.MAX_SAFE_INTEGER,
    'A log position that the answer must reflect, to read your own write; 503 if it does not yet',
  ),
  '0',
)

export const afterParameter = z.prefault(
  wholeNumber(0, Number.MAX_SAFE_INTEGER, 'Only events after this position'),
  '0',
)

export const minParameter = z.optional(
  wholeNumber(
    1,
    Number.MAX_SAFE_INTEGER,
    'The least number of contributions for a user to count. Default: the metric’s own minimum',
  ),
)

export const limitParameter = (max: number) => wholeNumber(1, max, 'The page size')

/** The default depends on `around`. */
export const boardLimitParameter = z.optional(
  wholeNumber(1, 100, 'How many entries: 20 by default; with `around` an odd number, 11 by default'),
)

/** A user ID. */
export const aroundParameter = z.optional(
  wholeNumber(
    1,
    Number.MAX_SAFE_INTEGER,
    'A user ID: the entries around that user, who is in the middle. Cannot be combined with `cursor`',
  ),
)

export const typeParameter = z
  .optional(z.enum(contributionTypes, { error: `use one of ${contributionTypes.join(', ')}` }))
  .register(documented, { description: 'Only contributions of this type' })

/** A calendar day. */
const dayParameter = (description: string) =>
  z
    .optional(
      z.pipe(
        z
          .string()
          .check(z.refine((text) => parseDay(text) !== undefined, { error: 'use a day like 2026-03-01' })),
        z.transform((text) => parseDay(text) ?? 0),
      ),
    )
    .register(documented, { format: 'date', description })

/** A range of days. */
export const daysParameters = {
  from: dayParameter('The first day'),
  to: dayParameter('The day after the last'),
}

export const timeZoneParameter = z.prefault(
  z
    .string()
    .check(z.refine(isTimeZone, { error: 'use the name of a time zone like Europe/Berlin' }))
    .register(documented, { description: 'The IANA time zone of calendar days' }),
  'UTC',
)

export const cursorParameter = z
  .optional(z.string().check(z.maxLength(2048, { error: 'use the next_cursor of the previous page' })))
  .register(documented, {
    description: 'The `next_cursor` of the previous page; keep its other parameters',
  })

export const auditParameter = z.optional(
  wholeNumber(1, 999_999_999, 'The audit to continue: the `audit` of the previous step’s answer'),
)

export const auditUsersParameter = z.prefault(
  wholeNumber(1, 999_999_999, 'How many users to compare; the next audit continues after them'),
  '1000',
)

/** No parameters at all. */
export const noParameters = z.strictObject({})
