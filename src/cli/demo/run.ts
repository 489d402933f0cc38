import { dayMilliseconds } from '../../contributions/instant.ts'
import type { Database } from '../database.ts'
import { table } from '../table.ts'
import type { Compared } from './comparison.ts'
import { communityMilliseconds, makeCommunity, type Community } from './community/makeCommunity.ts'
import { firstUserId } from './community/people.ts'
import { backfillHistory, planHistory } from './history.ts'
import { Proof } from './proof.ts'
import { requireSameLog } from './sameLog.ts'
import { describeSent, send } from './send.ts'
import type { Site } from './site.ts'

/** For how many days before its end the community's site has sent webhooks; what is older is backfilled. */
const webhookDays = 3
const hourMilliseconds = 3_600_000

const number = new Intl.NumberFormat('en-US')

/** What a run needs, and what asks it to stop. */
export interface Stage {
  site: Site
  database: Database
  stop: AbortSignal
}

/** The community that the Worker knows already, so that a second run sends the same; else one that ends now. */
const findCommunity = async (site: Site): Promise<Community> => {
  const founder = await site.read<{ first_contribution_at: string | null }>(`/v1/users/${firstUserId}`)
  const firstAt = founder?.first_contribution_at
  if (typeof firstAt === 'string') {
    console.log('The community is there already: the same is sent once more, and everything is a duplicate')
    return makeCommunity(Date.parse(firstAt))
  }
  const from = Date.now() - communityMilliseconds
  return makeCommunity(from - (from % hourMilliseconds))
}

/** The community that is to be sent, what of it by backfill and what by webhook. */
const prepare = async ({ site, database }: Stage) => {
  await requireSameLog(site, database.db)
  const community = await findCommunity(site)
  const { people, messages, from, to } = community
  const [first, last] = [from, to].map((instant) => new Date(instant).toISOString().slice(0, 10))
  console.log(
    `A made-up community: ${people.length} people, ${number.format(messages.length)} messages, ${first} to ${last}`,
  )
  const since = to - webhookDays * dayMilliseconds
  const firstRecent = messages.findIndex(({ timestamp }) => Date.parse(timestamp) >= since)
  return { community, history: messages.slice(0, firstRecent), recent: messages.slice(firstRecent) }
}

const describeLinks = ({ url }: Site, leader: number, position: number): string => {
  const links = [
    ['/', 'the dashboard'],
    [`/users/${leader}`, 'who has answered most'],
    [`/v1/users/${leader}/card.svg`, 'their card'],
    ['/docs', "the API's reference"],
    ['/v1/status', `the log, now at position ${number.format(position)}`],
  ]
  const rows = links.map(([path = '', shows = '']) => [`  ${url}${path}`, ` ${shows}`])
  return `\nLook at it:\n${table(rows, ['left', 'left'])}`
}

/** Checks and shows what a run would write. */
export const plan = async (stage: Stage): Promise<void> => {
  const { history, recent } = await prepare(stage)
  console.log(await planHistory(stage.database, history, stage.stop))
  console.log(`then ${number.format(recent.length)} messages by webhook`)
  console.log('Nothing was written: this was a dry run')
}

/** Runs all of it and returns the numbers that changed and should not have. */
export const run = async (stage: Stage): Promise<Compared[]> => {
  const { site, database, stop } = stage
  const { community, history, recent } = await prepare(stage)
  console.log(`\nWhat is older than ${webhookDays} days is backfilled, as npm run backfill does`)
  console.log(await backfillHistory(database, history, stop))
  // Two empty logs look the same: only now is it certain that the Worker reads what was written.
  await requireSameLog(site, database.db)
  console.log(`\nThe last ${webhookDays} days are sent as they happened`)
  console.log(describeSent(await send(site, 'Sending', recent, stop)))

  const proof = new Proof(site, community, await requireSameLog(site, database.db), stop)
  const leader = await proof.begin()
  const unexplained = [...(await proof.deleteContent()), ...(await proof.retractSpam())]
  console.log(describeLinks(site, leader ?? firstUserId, await requireSameLog(site, database.db)))
  return unexplained
}
