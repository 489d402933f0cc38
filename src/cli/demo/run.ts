import { contributionTypes } from '../../contributions/contribution.ts'
import { dayMilliseconds, formatInstant } from '../../contributions/instant.ts'
import { declareComplete } from '../backfill/declareComplete.ts'
import type { Database } from '../platform/database.ts'
import { table } from '../console/table.ts'
import type { Compared } from './comparison.ts'
import { firstUserId } from './community/people.ts'
import { findCommunity } from './findCommunity.ts'
import { backfillHistory, planHistory } from './history.ts'
import { Proof } from './proof.ts'
import { requireSameLog } from './sameLog.ts'
import { describeSent, send } from './send.ts'
import type { Site } from './site.ts'

/** For how many days before its end the community's site has sent webhooks; what is older is backfilled. */
const webhookDays = 3

const number = new Intl.NumberFormat('en-US')

/** What a run needs, and what asks it to stop. */
export interface Stage {
  site: Site
  database: Database
  stop: AbortSignal
}

/** The community that is to be sent, what of it by backfill and what by webhook. */
const prepare = async ({ site, database }: Stage) => {
  await requireSameLog(site, database.db)
  const { community, isAlone, isThere } = await findCommunity(site, database)
  const { people, messages, from, to } = community
  const [first, last] = [from, to].map((instant) => new Date(instant).toISOString().slice(0, 10))
  console.log(
    `A made-up community: ${people.length} people, ${number.format(messages.length)} messages, ${first} to ${last}`,
  )
  if (isThere)
    console.log(
      'An earlier run of the demo has sent this community, or a part of it: the same is sent again, and only what is missing is recorded',
    )
  if (!isAlone) console.log('The log holds other contributions, too: no type is declared complete')
  const since = to - webhookDays * dayMilliseconds
  const firstRecent = messages.findIndex(({ timestamp }) => Date.parse(timestamp) >= since)
  const [history, recent] = [messages.slice(0, firstRecent), messages.slice(firstRecent)]
  return { community, isAlone, isThere, history, recent, since }
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
  const { community, isAlone, isThere, history, recent, since } = await prepare(stage)
  const firstSent = formatInstant(since).slice(0, 10)
  console.log(`\nIts history before ${firstSent} is backfilled, as npm run backfill does`)
  console.log(await backfillHistory(database, history, stop))
  if (isAlone) await declareComplete(database.db, contributionTypes)
  // Two empty logs look the same: only now is it certain that the Worker reads what was written.
  await requireSameLog(site, database.db)
  console.log(`\nWhat happened from ${firstSent} on is sent by webhook, in its order`)
  console.log(describeSent(await send(site, 'Sending', recent, stop)))

  const proof = new Proof(site, { community, isThere }, await requireSameLog(site, database.db), stop)
  const leader = await proof.begin()
  const unexplained = [...(await proof.deleteContent()), ...(await proof.retractSpam())]
  console.log(describeLinks(site, leader ?? firstUserId, await requireSameLog(site, database.db)))
  return unexplained
}
