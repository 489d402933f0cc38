import * as z from 'zod/mini'
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
 * One schema for each item of each message: the validation, its type and the documentation follow from it.
 * Fields that no schema names are ignored.
 */

const useObject = { error: 'use an object' }

const profile = { id: userId, username: name, display_name: name, avatar_url: avatarUrl }

export const contributionSchema = z.object(
  {
    type: contributionType,
    user: z.object(profile, { error: 'use an object with the id of a user' }),
    occurred_at: instant,
    content,
    parent: optional(content),
    locale: optional(locale),
    product: optional(product),
    self: optional(flag),
    spam: optional(flag),
  },
  useObject,
)

const corrected = { content, type: optional(contributionType) }

export const retractionSchema = z.object({ ...corrected, reason }, useObject)

export const restorationSchema = z.object({ ...corrected, reason: optional(reason) }, useObject)

export const deletionSchema = z.object({ content }, useObject)

export const userUpdateSchema = z.object(
  { ...profile, is_active: optional(flag), is_system: optional(flag), is_hidden: optional(flag) },
  useObject,
)

export const userErasureSchema = z.object({ id: userId }, useObject)

export const coverageSchema = z.object(
  { type: contributionType, complete: flag, since: optional(instant) },
  useObject,
)

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

/** What stands around the items. */
export const envelopeSchema = z.object(
  {
    type: z.enum(messageTypes, { error: `use one of ${messageTypes.join(', ')}` }),
    timestamp: instant,
    data: z.optional(z.unknown()), // its absence is told where its shape is
  },
  { error: 'use an object with type, timestamp and data' },
)
