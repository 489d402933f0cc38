import * as z from 'zod/mini'
import { retractionReasons } from '../contributions/contribution.ts'
import { parseInstant } from '../contributions/instant.ts'
import { contributionTypes, definitions } from '../definitions/definitions.ts'
import { localePattern, namePattern } from '../definitions/patterns.ts'
import { described, documented } from '../http/documented.ts'

/*
 * The schema of one item of each message type. Validation, TypeScript types and the API document all derive from it.
 * Each error says what is allowed; message.ts adds the rejected value. Unknown fields are ignored and reported as
 * warnings (unknownFields.ts). Patterns have the u flag, so that lengths count code points; \p{Cs} rejects lone
 * surrogates.
 */

/** An optional field; null counts as absent. */
const optional = <Field extends z.ZodMiniType>(field: Field) =>
  z.pipe(
    z.optional(z.nullable(field)),
    z.transform((value) => value ?? undefined),
  )

const useText = (most: number): string =>
  `use 1 to ${most} characters of well-formed Unicode, none of them a control character`

const text = (most: number) =>
  z
    .string({ error: useText(most) })
    .check(z.regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'), { error: useText(most) }))

const useTitle = 'use 1 to 254 characters of well-formed Unicode other than U+0000'

/** Only lists show a title, so one with a tab or a line break does not cost its message. */
const title = z.string({ error: useTitle }).check(z.regex(/^[^\0\p{Cs}]{1,254}$/u, { error: useTitle }))

const useContentId =
  'use 1 to 128 characters of well-formed Unicode without control characters, or an integer from 0 to 9007199254740991'

const contentId = z.pipe(
  z.union([text(128), z.int({ error: useContentId }).check(z.gte(0, { error: useContentId }))], {
    error: useContentId,
  }),
  z.transform((id) => String(id)),
)

const useContentType = 'use 1 to 64 of a-z, 0-9, "_" and "."'

const content = z
  .object(
    {
      type: z
        .string({ error: useContentType })
        .check(z.regex(/^[a-z0-9_.]{1,64}$/, { error: useContentType }))
        .register(documented, { description: 'Your name for this type of content' }),
      id: contentId.register(documented, { description: 'Your ID, unique among content of the type' }),
    },
    { error: 'use an object with type and id' },
  )
  .register(documented, {
    id: 'ContentGiven',
    description:
      'What a contribution is about, in the site’s own words; an integer is the same as its decimal string',
  })

const useInstant = 'use an RFC 3339 date-time with an offset, like 2026-11-22T10:00:00.000Z'

export const instant = z
  .pipe(
    z.string({ error: useInstant }),
    z.transform((value, { issues }) => {
      const parsed = parseInstant(value)
      if (parsed === undefined) issues.push({ code: 'custom', message: useInstant, input: value })
      return parsed ?? 0
    }),
  )
  .register(documented, { format: 'date-time' })

export const contributionType = z.enum(contributionTypes, {
  error: `use one of ${contributionTypes.join(', ')}`,
})

const reason = z.enum(retractionReasons, { error: `use one of ${retractionReasons.join(', ')}` })

const flag = z.boolean({ error: 'use true or false' })

const useUserId = 'use an integer from 1 to 9007199254740991'

export const userId = z.int({ error: useUserId }).check(z.gte(1, { error: useUserId }))

const useLocale =
  'use a locale like "en-US": letters and digits in parts of at most 8 characters, at most 35 in all'

const locale = z.string({ error: useLocale }).check(z.regex(localePattern, { error: useLocale }))

const useName = 'use 1 to 64 of a-z, 0-9, ".", "_" and "-", a letter or digit first'

/** The name of a product or of a group. */
const shortName = z.string({ error: useName }).check(z.regex(namePattern, { error: useName }))

/** null clears the name; an absent name stays unchanged. */
const name = z.optional(z.nullable(text(254)))

const useUrl = 'use an https URL of at most 2048 characters'

const url = z.string({ error: useUrl }).check(
  // Spelled out in both cases: JSON Schema patterns have no i flag.
  z.regex(/^(?=.{1,2048}$)[Hh][Tt][Tt][Pp][Ss]:\/\/[^\s\p{Cc}\p{Cs}"<>\\]+$/u, { error: useUrl }),
  z.refine((value) => URL.canParse(value), { error: useUrl }),
)

const avatarUrl = z.optional(z.nullable(url))

const useGroups = 'use an array of at most 50 group names'

const groups = z.array(shortName, { error: useGroups }).check(z.maxLength(50, { error: useGroups }))

const useObject = { error: 'use an object' }

const profile = {
  id: described(userId, 'Your ID of the user, which never changes'),
  username: described(name, 'The name that identifies the user on your site; null clears it'),
  display_name: described(name, 'The name that the user chose to show; null clears it'),
  avatar_url: described(avatarUrl, 'The user’s picture; null clears it'),
}

/** The types whose contributions need a parent. */
const typesWithParent = definitions.types
  .filter((definition) => definition.needs_parent)
  .map(({ type }) => type)

const needed = typesWithParent.length === 0 ? [] : [`Required for ${typesWithParent.join(', ')}`]

const credited = z.object(profile, { error: 'use an object with the id of a user' })

export const contributionSchema = z
  .object(
    {
      type: described(contributionType, 'What kind of contribution it is'),
      user: credited.register(documented, {
        description: 'Who gets the credit. Names are taken as of the message’s `timestamp`',
      }),
      occurred_at: z.pipe(instant, z.number()).register(documented, {
        description:
          'RFC 3339 with an offset, cut to the millisecond; from 2000-01-01 to at most 5 minutes ahead',
      }),
      content: z
        .extend(content, {
          title: optional(title).register(documented, {
            description: 'What lists show for the content, as of the message’s `timestamp`',
          }),
          url: optional(url).register(documented, {
            description: 'Where lists link to, as of the message’s `timestamp`',
          }),
        })
        .register(documented, {
          id: 'LabelledContentGiven',
          description:
            'What a contribution is about; its title and URL are not among the facts that identify a duplicate',
        }),
      parent: optional(content).register(documented, {
        description: ['The question of an answer, the document of a revision', ...needed].join('. '),
      }),
      locale: optional(locale).register(documented, {
        description: 'The locale of the content, such as `en-US`. Default: empty',
      }),
      product: optional(shortName).register(documented, {
        description: 'The product of the content; the first one if it has several. Default: empty',
      }),
      self: optional(flag).register(documented, {
        description: 'Whether the contributor acted on their own content',
      }),
      spam: optional(flag).register(documented, { description: 'true: the contribution is ignored' }),
    },
    useObject,
  )
  .register(documented, {
    id: 'ContributionGiven',
    description: 'A contribution is the pair of its `type` and `content`: the first one recorded stands',
  })

const corrected = {
  content,
  type: optional(contributionType).register(documented, { description: 'Default: every type' }),
}

const retractionSchema = z
  .object({ ...corrected, reason: described(reason, 'Why it no longer counts') }, useObject)
  .register(documented, { id: 'Retraction', description: 'Which contributions no longer count, and why' })

const restorationSchema = z
  .object({ ...corrected, reason: described(optional(reason), 'Why it counts again') }, useObject)
  .register(documented, { id: 'Restoration', description: 'Which contributions count again' })

const useAmendable = 'use at least one of user, locale, product, parent and self'

/** A new value, or null to reset the field to its default. */
const amended = <Field extends z.ZodMiniType>(field: Field) => z.optional(z.nullable(field))

const amendable = {
  user: z.optional(credited).register(documented, {
    description: 'Who gets the credit from now on. Names are taken as of the message’s `timestamp`',
  }),
  locale: amended(locale).register(documented, { description: 'null: no locale' }),
  product: amended(shortName).register(documented, { description: 'null: no product' }),
  parent: amended(content).register(documented, { description: 'null: no parent' }),
  self: amended(flag).register(documented, {
    description: 'Whether the contributor acted on their own content; null: no',
  }),
}

/** The facts that cannot be amended. */
const fixedFacts = ['type', 'content', 'occurred_at']

// Loose, so that the check sees fields that the schema does not name.
const amendedSet = z
  .looseObject(amendable, { error: useAmendable })
  .check(({ value: set, issues }) => {
    if (issues.length > 0) return
    for (const fact of fixedFacts.filter((each) => Object.hasOwn(set, each))) {
      const message = 'use only user, locale, product, parent and self, because nothing else can be amended'
      issues.push({ code: 'custom', path: [fact], input: set[fact], message })
    }
    const isEmpty = Object.keys(amendable).every((fact) => set[fact] === undefined)
    if (issues.length === 0 && isEmpty) issues.push({ code: 'custom', input: set, message: useAmendable })
  })
  .register(documented, { description: 'The new values; at least one. Absent fields stay unchanged' })

const amendmentSchema = z
  .object({ ...corrected, set: amendedSet }, useObject)
  .register(documented, { id: 'Amendment', description: 'Which contributions get new values' })

const deletionSchema = z
  .object({ content }, useObject)
  .register(documented, { id: 'Deletion', description: 'Which content was deleted, or is no longer deleted' })

const userUpdateSchema = z
  .object(
    {
      ...profile,
      is_active: optional(flag).register(documented, {
        description: 'false: the user is not shown on leaderboards',
      }),
      is_system: optional(flag).register(documented, {
        description: 'true: the user is not shown on leaderboards, and counts in no metric',
      }),
      is_hidden: optional(flag).register(documented, {
        description: 'true: the user is not shown on leaderboards',
      }),
      groups: optional(groups).register(documented, {
        description: 'All groups of the user, in any order; they replace the groups sent before',
      }),
    },
    useObject,
  )
  .register(documented, { id: 'UserUpdate', description: 'Only the fields given change' })

const userErasureSchema = z
  .object({ id: profile.id }, useObject)
  .register(documented, { id: 'UserErasure', description: 'Whose profile is emptied for good' })

const coverageSchema = z
  .object(
    {
      type: described(contributionType, 'The type that the declaration is about'),
      complete: described(flag, 'Whether the log has the whole history of the type'),
      since: described(optional(instant), 'If it has only a part: when that part begins'),
    },
    useObject,
  )
  .register(documented, {
    id: 'CoverageDeclaration',
    description: 'How much of a type’s history the log has',
  })

/** The maximum number of items in a message. */
export const itemsMax = 1000

/** The schema of one item of `data`, by message type. */
export const itemSchemas = {
  'contribution.created': contributionSchema,
  'contribution.retracted': retractionSchema,
  'contribution.restored': restorationSchema,
  'contribution.amended': amendmentSchema,
  'content.deleted': deletionSchema,
  'content.undeleted': deletionSchema,
  'user.updated': userUpdateSchema,
  'user.erased': userErasureSchema,
  'coverage.declared': coverageSchema,
} as const
export type MessageType = keyof typeof itemSchemas

export const messageTypes = Object.keys(itemSchemas) as [MessageType, ...MessageType[]]

/** The fields of a message around its items. */
export const envelopeSchema = z.object(
  {
    type: z.enum(messageTypes, { error: `use one of ${messageTypes.join(', ')}` }),
    timestamp: instant,
    data: z.optional(z.unknown()), // checked with its items
  },
  { error: 'use an object with type, timestamp and data' },
)
