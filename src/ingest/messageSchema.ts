import * as z from 'zod/mini'
import { documented } from '../http/documented.ts'
import { instant } from './fields.ts'
import { itemsMax } from './message.ts'
import { itemSchemas } from './schemas.ts'

/*
 * A whole message, for the documentation. Received messages are checked part by part with the same schemas, so that each
 * error points to its place (message.ts).
 */

const timestamp = z.pipe(instant, z.number()).register(documented, {
  description:
    'When the fact became true at the sender: RFC 3339 with an offset, at most 5 minutes ahead. It orders facts about the same thing',
})

const messageOf = <Type extends keyof typeof itemSchemas>(type: Type, id: string, description: string) => {
  const item = itemSchemas[type]
  return z
    .object({
      type: z.literal(type),
      timestamp,
      data: z.union([item, z.array(item).check(z.minLength(1), z.maxLength(itemsMax))]),
    })
    .register(documented, { id, description })
}

/** Any message that a site can send. */
export const messageSchema = z
  .discriminatedUnion('type', [
    messageOf(
      'contribution.created',
      'ContributionCreated',
      'New contributions: they are appended to the log',
    ),
    messageOf(
      'contribution.retracted',
      'ContributionRetracted',
      'The contributions about the content, of every type or only of the given one, no longer count in any window, lifetime total or past instant',
    ),
    messageOf('contribution.restored', 'ContributionRestored', 'Undoes a retraction; nothing else does'),
    messageOf('content.deleted', 'ContentDeleted', 'Acknowledged; no number changes'),
    messageOf(
      'user.updated',
      'UserUpdated',
      'What public pages show about a user, and where they count. Only the fields given change; null clears a name',
    ),
    messageOf(
      'user.erased',
      'UserErased',
      'The profile is emptied for good, and the user leaves every public board and profile; events stay and count in metrics',
    ),
    messageOf('coverage.declared', 'CoverageDeclared', 'How far back the history of a type reaches'),
  ])
  .register(documented, { id: 'Message', description: 'A message of one of seven types' })
