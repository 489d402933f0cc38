import { readEvents } from '../../log/questions/events.ts'
import { ask } from '../../log/database.ts'
import type { EventRow } from '../../log/schema.ts'
import { CommandFailure } from '../command.ts'
import type { Database } from '../platform/database.ts'
import { patiently } from '../platform/patience.ts'
import { communityMilliseconds, makeCommunity, type Community } from './community/makeCommunity.ts'
import type { SentContribution } from './community/message.ts'
import { firstUserId } from './community/people.ts'
import type { Site } from './site.ts'

const hourMilliseconds = 3_600_000

/** The community to send, and how it stands to what is in the log. */
export interface Found {
  community: Community
  /** The log was empty, or began with this community: its history of every type is whole. */
  isAlone: boolean
  /** An earlier run has sent this community, or a part of it. */
  isThere: boolean
}

const readFirstEvent = async ({ db }: Database): Promise<EventRow | undefined> => {
  const [[first]] = await patiently(async () => await ask(db, readEvents(db, 0, 1)))
  return first
}

/** The community which ends at this hour. */
const endingNow = (): Community => {
  const from = Date.now() - communityMilliseconds
  return makeCommunity(from - (from % hourMilliseconds))
}

const beginsWith = ({ messages }: Community, event: EventRow): boolean => {
  const [first] = messages.flatMap(({ type, data }) =>
    type === 'contribution.created' ? (data as readonly SentContribution[]) : [],
  )
  return first?.user.id === event.user_id && first.content.id === event.content_id
}

const isFounder = ({ people: [founder] }: Community, username: string | null): boolean =>
  username !== null && [founder?.username, founder?.formerly?.username].includes(username)

/**
 * The community that the log knows already, so that a second run sends the same; else one that ends now. Throws a
 * CommandFailure where its first user's id is somebody else's.
 */
export const findCommunity = async (site: Site, database: Database): Promise<Found> => {
  const first = await readFirstEvent(database)
  if (first === undefined) return { community: endingNow(), isAlone: true, isThere: false }
  const founder = await site.read<{
    user: { username: string | null }
    first_contribution_at: string | null
  }>(`/v1/users/${firstUserId}`)
  if (typeof founder?.first_contribution_at !== 'string')
    return { community: endingNow(), isAlone: false, isThere: false }
  const community = makeCommunity(Date.parse(founder.first_contribution_at))
  if (!isFounder(community, founder.user.username)) {
    throw new CommandFailure(
      `The log at ${site.url} is another site's: user ${firstUserId} of the demo is somebody else there. Run the demo in another clone of this project`,
    )
  }
  return { community, isAlone: beginsWith(community, first), isThere: true }
}
