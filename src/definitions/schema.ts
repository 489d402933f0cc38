import * as z from 'zod/mini'
import { contrastMin, grounds } from './colors.ts'
import { colorPair, matching, text } from './fields.ts'
import { site, translations } from './siteSchema.ts'

/*
 * The schema of a definitions file. docs/definitions.md describes each field. Every error says what to use;
 * parseDefinitions.ts adds the rejected value.
 */

/** `default`: the default locale; `other`: any other non-empty locale; `any`: all, including none. */
export const localeRules = ['default', 'other', 'any'] as const

/** The maximum number of types: each appears on every card, and as a column of every profile. */
const typesMax = 24
const boardsMax = 24
const metricsMax = 12
const linksMax = 100

/** Field names that appear beside type names in answers. */
const reservedNames = ['total', 'window', 'documents']

/** The name of a type. */
export const typeName = matching(
  /^[a-z][a-z0-9_]{0,31}$/,
  'use 1 to 32 of a-z, 0-9 and "_", a letter first',
).check(
  z.refine((name) => !reservedNames.includes(name), {
    error: `use another name: ${reservedNames.join(', ')} are fields of answers`,
  }),
)

const flag = z.boolean({ error: 'use true or false' })

const contributionType = z.strictObject(
  {
    type: typeName,
    title: text(40),
    one: text(40),
    many: text(40),
    color: colorPair(grounds, contrastMin),
    needs_parent: flag,
    counts_documents: flag,
  },
  { error: 'use an object with type, title, one, many, color, needs_parent and counts_documents' },
)

const rule = {
  title: text(60),
  description: text(200),
  types: z
    .array(z.string({ error: 'use the name of a type' }), { error: 'use a list of types' })
    .check(z.minLength(1, { error: 'use at least one type' })),
  counts_self: flag,
  locale: z.enum(localeRules, { error: `use one of ${localeRules.join(', ')}` }),
}

const rankingName = matching(
  /^[a-z0-9][a-z0-9_-]{0,63}$/,
  'use 1 to 64 of a-z, 0-9, "_" and "-", a letter or digit first',
)

const leaderboard = z.strictObject(
  {
    board: rankingName,
    ...rule,
  },
  { error: 'use an object with board, title, description, types, counts_self and locale' },
)

const wholeNumber = (most: number) => {
  const error = `use a whole number from 1 to ${most}`
  return z.int({ error }).check(z.gte(1, { error }), z.lte(most, { error }))
}

const metric = z.strictObject(
  {
    metric: rankingName,
    ...rule,
    min: wholeNumber(1_000_000),
    window_days: wholeNumber(3660),
  },
  { error: 'use an object with metric, title, description, types, counts_self, locale, min and window_days' },
)

const responses = z.strictObject(
  {
    question: z.string({ error: 'use the name of a type' }),
    answer: z.string({ error: 'use the name of a type' }),
    solution: z.optional(z.string({ error: 'use the name of a type' })),
  },
  { error: 'use an object with question, answer and, if the site has one, solution' },
)

/** The placeholder for the ID in a link template. */
const placeholder = '{id}'

/** Whether a template is an https URL whose host does not depend on the ID. */
const isTemplate = (template: string): boolean => {
  const [one, other] = ['a', 'b.c'].map((id) => URL.parse(template.replaceAll(placeholder, id)))
  return (
    template.includes(placeholder) &&
    /^https:\/\/[^\s\p{Cc}\p{Cs}"<>\\]{1,2000}$/u.test(template) &&
    one?.origin !== undefined &&
    one.origin === other?.origin &&
    one.username + one.password === ''
  )
}

const template = z
  .string({ error: 'use an https URL with {id}' })
  .check(
    z.refine(isTemplate, { error: 'use an https URL of at most 2000 characters with {id} after the host' }),
  )

const listOf = <Item extends z.ZodMiniType>(item: Item, most: number, what: string) => {
  const error = `use a list of 1 to ${most} ${what}`
  return z.array(item, { error }).check(z.minLength(1, { error }), z.maxLength(most, { error }))
}

/** The shape of a definitions file. parseDefinitions.ts also checks its parts against each other. */
export const definitionsSchema = z.strictObject(
  {
    site,
    types: listOf(contributionType, typesMax, 'types'),
    leaderboards: listOf(leaderboard, boardsMax, 'leaderboards'),
    metrics: listOf(metric, metricsMax, 'metrics'),
    responses: z.optional(responses),
    links: z
      .record(
        matching(/^[a-z0-9_.]{1,64}$/, 'use a content type of 1 to 64 of a-z, 0-9, "_" and "."'),
        template,
        { error: 'use an object with a template for each content type' },
      )
      .check(
        z.refine((links) => Object.keys(links).length <= linksMax, {
          error: `use at most ${linksMax} templates`,
        }),
      ),
    translations: z.optional(translations),
  },
  {
    error:
      'use an object with site, types, leaderboards, metrics and links, and optionally responses and translations',
  },
)

/** The contents of a definitions file. */
export type Definitions = z.infer<typeof definitionsSchema>
