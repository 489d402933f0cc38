import * as z from 'zod/mini'
import { textContrastMin, textGrounds } from './colors.ts'
import { colorPair, matching, text } from './fields.ts'
import { cardLanguages, languages } from './languages.ts'
import { localePattern } from './patterns.ts'

/** The site section of a definitions file: name, language and appearance. */
export const site = z.strictObject(
  {
    name: text(60),
    default_locale: matching(localePattern, 'use a locale like "en-US"'),
    language: z.enum(languages, { error: `use one of ${languages.join(', ')}` }),
    logo: z.optional(
      matching(
        /^(?!assets\/)(?:[a-z0-9][a-z0-9_-]{0,63}\/){0,4}[a-z0-9][a-z0-9_-]{0,63}\.svg$/,
        'use the path of an SVG file below public/, such as "logo.svg"',
      ),
    ),
    accent: z.optional(colorPair(textGrounds, textContrastMin)),
  },
  { error: 'use an object with name, default_locale and language, and optionally logo and accent' },
)

/** Translated words by the name of a type, leaderboard or metric. Any may be absent. */
const wordsFor = <Words extends z.ZodMiniType>(words: Words, what: string) =>
  z.optional(z.record(z.string(), words, { error: `use an object with words for each of the ${what}` }))

const ranking = z.strictObject(
  { title: text(60), description: text(200) },
  { error: 'use an object with title and description' },
)

const words = z.strictObject(
  {
    types: wordsFor(
      z.strictObject(
        { title: text(40), one: text(40), many: text(40) },
        { error: 'use an object with title, one and many' },
      ),
      'types',
    ),
    leaderboards: wordsFor(ranking, 'leaderboards'),
    metrics: wordsFor(ranking, 'metrics'),
  },
  { error: 'use an object with types, leaderboards and metrics' },
)

/**
 * Translations of types, leaderboards and metrics, by language. Languages without pages are used by cards and badges
 * only.
 */
export const translations = z.partialRecord(z.enum(cardLanguages), words, {
  error: `use an object with words by language: ${cardLanguages.join(', ')}`,
})
