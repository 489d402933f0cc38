import * as z from 'zod/mini'
import { documented } from '../http/documented.ts'
import {
  avatarUrl,
  content,
  contributionType,
  flag,
  instant,
  locale,
  name,
  optional,
  product,
  reason,
  userId,
} from './fields.ts'

/*
 * One schema for each item of each message: its validation, type and documentation follow from it. Fields that no schema
 * names are ignored and reported as warnings (unknownFields.ts).
 */

const useObject = { error: 'use an object' }

const profile = { id: userId, username: name, display_name: name, avatar_url: avatarUrl }

export const contributionSchema = z
  .object(
    {
      type: contributionType,
      user: z.object(profile, { error: 'use an object with the id of a user' }).register(documented, {
        description: 'Who gets the credit. Names are taken as of the message’s `timestamp`',
      }),
      occurred_at: z.pipe(instant, z.number()).register(documented, {
        description:
          'RFC 3339 with an offset, cut to the millisecond; from 2000-01-01 to at most 5 minutes ahead',
      }),
      content,
      parent: optional(content).register(documented, {
        description: 'The question of an answer, the document of a revision',
      }),
      locale: optional(locale).register(documented, { description: 'Default: empty' }),
      product: optional(product).register(documented, {
        description: 'If the site has several, the first of them. Default: empty',
      }),
      self: optional(flag).register(documented, {
        description: 'Whether the contributor acted on their own content',
      }),
      spam: optional(flag).register(documented, { description: 'true: ignored, not recorded' }),
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

export const retractionSchema = z
  .object({ ...corrected, reason }, useObject)
  .register(documented, { id: 'Retraction' })

export const restorationSchema = z
  .object({ ...corrected, reason: optional(reason) }, useObject)
  .register(documented, { id: 'Restoration' })

export const deletionSchema = z.object({ content }, useObject).register(documented, { id: 'Deletion' })

export const userUpdateSchema = z
  .object(
    {
      ...profile,
      is_active: optional(flag).register(documented, { description: 'false: on no board' }),
      is_system: optional(flag).register(documented, { description: 'true: on no board, in no metric' }),
      is_hidden: optional(flag).register(documented, { description: 'true: on no board' }),
    },
    useObject,
  )
  .register(documented, { id: 'UserUpdate', description: 'Only the fields given change' })

export const userErasureSchema = z
  .object({ id: userId }, useObject)
  .register(documented, { id: 'UserErasure' })

export const coverageSchema = z
  .object({ type: contributionType, complete: flag, since: optional(instant) }, useObject)
  .register(documented, { id: 'CoverageDeclaration' })

/** Every type of message with the schema of one item of its `data`. */
export const itemSchemas = {
  'contribution.created': contributionSchema,
  'contribution.retracted': retractionSchema,
  'contribution.restored': restorationSchema,
  'content.deleted': deletionSchema,
  'user.updated': userUpdateSchema,
  'user.erased': userErasureSchema,
  'coverage.declared': coverageSchema,
} as const
export type MessageType = keyof typeof itemSchemas

export const messageTypes = Object.keys(itemSchemas) as [MessageType, ...MessageType[]]

/** The fields around the items. */
export const envelopeSchema = z.object(
  {
    type: z.enum(messageTypes, { error: `use one of ${messageTypes.join(', ')}` }),
    timestamp: instant,
    data: z.optional(z.unknown()), // checked with its items
  },
  { error: 'use an object with type, timestamp and data' },
)
