import * as z from 'zod/mini'
import { contributionTypes } from '../definitions/definitions.ts'
import { retractionReasons } from '../contributions/contribution.ts'
import { parseInstant } from '../contributions/instant.ts'
import { documented } from '../http/documented.ts'

/*
 * The fields of messages. Each error says what to use; message.ts adds the value that could not be used. With the u flag
 * a pattern counts code points, and \p{Cs} refuses lone surrogates.
 */

/** A field that may be left out; null means the same. */
export const optional = <Field extends z.ZodMiniType>(field: Field) =>
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

const useContentId =
  'use 1 to 128 characters of well-formed Unicode without control characters, or an integer from 0 to 9007199254740991'

const contentId = z.pipe(
  z.union([text(128), z.int({ error: useContentId }).check(z.gte(0, { error: useContentId }))], {
    error: useContentId,
  }),
  z.transform((id) => String(id)),
)

const useContentType = 'use 1 to 64 of a-z, 0-9, "_" and "."'

export const content = z
  .object(
    {
      type: z
        .string({ error: useContentType })
        .check(z.regex(/^[a-z0-9_.]{1,64}$/, { error: useContentType })),
      id: contentId,
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
    z
      .string({ error: useInstant })
      .check(z.refine((value) => parseInstant(value) !== undefined, { error: useInstant })),
    z.transform((value) => parseInstant(value) ?? 0),
  )
  .register(documented, { format: 'date-time' })

export const contributionType = z.enum(contributionTypes, {
  error: `use one of ${contributionTypes.join(', ')}`,
})

export const reason = z.enum(retractionReasons, { error: `use one of ${retractionReasons.join(', ')}` })

export const flag = z.boolean({ error: 'use true or false' })

const useUserId = 'use an integer from 1 to 9007199254740991'

export const userId = z.int({ error: useUserId }).check(z.gte(1, { error: useUserId }))

const useLocale =
  'use a locale like "en-US": letters and digits in parts of at most 8 characters, at most 35 in all'

export const locale = z
  .string({ error: useLocale })
  .check(z.regex(/^(?=.{1,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: useLocale }))

const useProduct = 'use 1 to 64 of a-z, 0-9, ".", "_" and "-", a letter or digit first'

export const product = z
  .string({ error: useProduct })
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: useProduct }))

/** null clears the name; left out, it stays unchanged. */
export const name = z.optional(z.nullable(text(254)))

const useUrl = 'use an https URL of at most 2048 characters'

export const avatarUrl = z.optional(
  z.nullable(
    z.string({ error: useUrl }).check(
      // Written without the flag i, which a pattern in a document cannot carry.
      z.regex(/^(?=.{1,2048}$)[Hh][Tt][Tt][Pp][Ss]:\/\/[^\s\p{Cc}\p{Cs}"<>\\]+$/u, { error: useUrl }),
      z.refine((value) => URL.canParse(value), { error: useUrl }),
    ),
  ),
)
