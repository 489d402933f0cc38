import { CommandFailure } from '../src/cli/command.ts'
import type { Database } from '../src/cli/platform/database.ts'
import { retryWhileUnavailable } from '../src/cli/platform/retryWhileUnavailable.ts'
import { runBatch } from '../src/log/database.ts'
import { readEvents } from '../src/log/queries/events.ts'
import type { EventRow } from '../src/log/schema.ts'
import { communityMilliseconds, makeCommunity, type Community } from './community/makeCommunity.ts'
import type { SentContribution } from './community/message.ts'
import { firstUserId } from './community/people.ts'
import type { Site } from '../src/cli/send/site.ts'

const hourMilliseconds = 3_600_000

/** The community to send. */
export interface Found {
  community: Community
  /** Whether the log is empty or starts with this community, so that the history of every type is complete. */
  isAlone: boolean
  /** Whether an earlier run has sent some or all of this community. */
  wasSent: boolean
}

const readFirstEvent = async ({ db }: Database): Promise<EventRow | undefined> => {
  const [[first]] = await retryWhileUnavailable(async () => await runBatch(db, readEvents(db, 0, 1)))
  return first
}

/** A community that ends with the current hour. */
const communityUntilNow = (): Community => {
  const from = Date.now() - communityMilliseconds
  return makeCommunity(from - (from % hourMilliseconds))
}

const startsWith = ({ messages }: Community, event: EventRow): boolean => {
  const [first] = messages.flatMap(({ type, data }) =>
    type === 'contribution.created' ? (data as readonly SentContribution[]) : [],
  )
  return first?.user.id === event.user_id && first.content.id === event.content_id
}

const isFounder = ({ people: [founder] }: Community, username: string | null): boolean =>
  username !== null && [founder?.username, founder?.formerly?.username].includes(username)

/**
 * Finds the community that an earlier run has sent, so that this run sends the same one. Otherwise makes one that ends
 * now. Throws a CommandFailure if the log has another user with the founder's ID.
 */
export const findCommunity = async (site: Site, database: Database): Promise<Found> => {
  const first = await readFirstEvent(database)
  if (first === undefined) return { community: communityUntilNow(), isAlone: true, wasSent: false }
  const founder = await site.read<{
    user: { username: string | null }
    first_contribution_at: string | null
  }>(`/v1/users/${firstUserId}`)
  if (typeof founder?.first_contribution_at !== 'string')
    return { community: communityUntilNow(), isAlone: false, wasSent: false }
  const community = makeCommunity(Date.parse(founder.first_contribution_at))
  if (!isFounder(community, founder.user.username)) {
    throw new CommandFailure(
      `The log at ${site.url} already has another community, whose user ${firstUserId} is someone else. Run the demo in another clone of the project`,
    )
  }
  return { community, isAlone: startsWith(community, first), wasSent: true }
}
