import * as z from 'zod/mini'
import { cardLanguages } from '../definitions/languages.ts'
import { contributionTypes, definitions } from '../definitions/definitions.ts'
import { localePattern, namePattern, orEmpty } from '../definitions/patterns.ts'
import { documented } from '../http/documented.ts'

const counting = (min: number, max: number, error: string) =>
  z.pipe(
    z.string({ error }).check(
      z.regex(/^(?:0|[1-9][0-9]{0,15})$/, { error }),
      z.refine((text) => Number(text) >= min && Number(text) <= max, { error }),
    ),
    z.transform(Number),
  )

/** A whole number, parsed from text. */
export const wholeNumber = (min: number, max: number, description: string) =>
  counting(min, max, `use a whole number from ${min} to ${max}`).register(documented, {
    type: 'integer',
    minimum: min,
    maximum: max,
    description,
  })

/** Matches a value exactly. The empty string selects events without a value. */
const exactly = (pattern: RegExp, error: string, description: string) =>
  z.optional(z.string().check(z.regex(pattern, { error }))).register(documented, { description })

export const localeParameter = exactly(
  orEmpty(localePattern),
  'use a locale like "en-US", or nothing for events without one',
  'Only events with exactly this locale; empty for those without one',
)

export const productParameter = exactly(
  orEmpty(namePattern),
  'use a product like "firefox", or nothing for events without one',
  'Only events with exactly this product; empty for those without one',
)

export const languageParameter = z
  .prefault(
    z.enum(cardLanguages, { error: `use one of ${cardLanguages.join(', ')}` }),
    definitions.site.language,
  )
  .register(documented, {
    description: 'The language of words and numbers',
  })

export const groupParameter = z
  .optional(z.string().check(z.regex(namePattern, { error: 'use the name of a group like "staff"' })))
  .register(documented, { description: 'Only people who are in this group now' })

export const atLeastParameter = z._default(
  wholeNumber(
    0,
    Number.MAX_SAFE_INTEGER,
    'A log position that the answer must reflect, to read your own write; 503 if it does not yet',
  ),
  0,
)

export const limitParameter = (max: number) => wholeNumber(1, max, 'The page size')

export const typeParameter = z
  .optional(z.enum(contributionTypes, { error: `use one of ${contributionTypes.join(', ')}` }))
  .register(documented, { description: 'Only contributions of this type' })

/** No parameters at all. */
export const noParameters = z.strictObject({})
