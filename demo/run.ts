import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contributionTypes } from '../src/definitions/definitions.ts'
import { makePlan } from '../src/cli/backfill/plan.ts'
import { describePlan, describeWritten } from '../src/cli/backfill/report.ts'
import { declareComplete, write } from '../src/cli/backfill/write.ts'
import { CommandFailure } from '../src/cli/command.ts'
import { counted, formatNumber, table } from '../src/cli/console/format.ts'
import { openInput } from '../src/cli/lines/input.ts'
import type { Database } from '../src/cli/platform/database.ts'
import { retryWhileUnavailable } from '../src/cli/platform/retryWhileUnavailable.ts'
import { configured } from '../src/configuration.ts'
import { dayMilliseconds, formatInstant } from '../src/contributions/instant.ts'
import { readPosition, runBatch } from '../src/log/database.ts'
import { retry } from '../src/failure.ts'
import type { Change } from './comparison.ts'
import type { SentMessage } from './community/message.ts'
import { firstUserId } from './community/people.ts'
import { findCommunity } from './findCommunity.ts'
import { Proof } from './proof.ts'
import { describeSent, send } from './send.ts'
import type { Site } from '../src/cli/send/site.ts'

/** The number of last days that are sent as webhooks. Everything before is backfilled. */
const webhookDays = 3

/** What a run works with. */
export interface Stage {
  site: Site
  database: Database
  stop: AbortSignal
}

const positionIn = async ({ db }: Database): Promise<number> => {
  const [position] = await retryWhileUnavailable(async () => await runBatch(db, readPosition(db)))
  return position
}

const compareLogs = async ({ site, database }: Stage): Promise<number> => {
  const before = await positionIn(database)
  const health = await site.read<{ position: number }>('/healthz')
  const after = await positionIn(database)
  if (health !== undefined && before <= health.position && health.position <= after) return after
  throw new CommandFailure(
    `The Worker at ${site.url} reads another database than this command: give the directory of its database with --persist-to`,
  )
}

/**
 * Checks that the Worker reads the same database as this command, by comparing positions. Returns the position of the
 * database. Throws a CommandFailure if they differ.
 */
const requireSameLog = async (stage: Stage): Promise<number> =>
  // Retries, because the Worker's position may be two seconds old.
  await retry(async () => await compareLogs(stage), {
    attempts: 4,
    isTransient: (error) => error instanceof CommandFailure,
    pauseAfter: () => 1000,
  })

/**
 * Records messages as `npm run backfill` does, through a temporary file, and describes the result. In a dry run, only
 * describes the plan. Throws a CommandFailure if it is stopped or a message is invalid.
 */
const backfillHistory = async (
  { db, systemUserIds, rowsWritten }: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
  { dryRun }: { dryRun: boolean },
): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-demo-'))
  try {
    const file = join(directory, 'history.ndjson')
    await writeFile(file, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    const systemUsers = configured({ SYSTEM_USER_IDS: systemUserIds }, 'SYSTEM_USER_IDS')
    const backfill = { db, input: await openInput(file), systemUsers, now: Date.now(), stop }
    const plan = await makePlan(backfill, undefined)
    if (dryRun) return describePlan(plan)
    if (plan.invalid > 0)
      throw new CommandFailure("The community's history is invalid: check the clock of this machine")
    const written = await write(backfill, plan)
    if (written.stopped) throw new CommandFailure('Stopped before the end: run the same command again')
    return describeWritten(written, rowsWritten())
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Finds the community to send, and divides it into a part to backfill and a part to send as webhooks. */
const prepare = async (stage: Stage) => {
  await requireSameLog(stage)
  const found = await findCommunity(stage.site, stage.database)
  const { people, messages, from, to } = found.community
  const [first, last] = [from, to].map((instant) => new Date(instant).toISOString().slice(0, 10))
  console.log(
    `A made-up community: ${people.length} people, ${counted(messages.length, 'message')}, ${first} to ${last}`,
  )
  if (found.wasSent)
    console.log(
      'An earlier run of the demo has sent some or all of this community. This run sends it again, and only what is missing is recorded',
    )
  if (!found.isAlone) console.log('The log has other contributions too, so no type is declared complete')
  const since = to - webhookDays * dayMilliseconds
  const firstRecent = messages.findIndex(({ timestamp }) => Date.parse(timestamp) >= since)
  const [history, recent] = [messages.slice(0, firstRecent), messages.slice(firstRecent)]
  return { found, history, recent, since }
}

const describeLinks = ({ url }: Site, leader: number, position: number): string => {
  const links = [
    ['/', 'the dashboard'],
    ['/community', 'the community: who comes, who stays, and who answers'],
    [`/users/${leader}`, 'the person with the most answers'],
    [`/v1/users/${leader}/card.svg`, 'their card'],
    ['/docs', 'the API reference'],
    ['/v1/status', `the log, now at position ${formatNumber(position)}`],
  ]
  const rows = links.map(([path = '', shows = '']) => [`  ${url}${path}`, ` ${shows}`])
  return `\nSee the result:\n${table(rows, ['left', 'left'])}`
}

/** Shows what a run would write. */
export const plan = async (stage: Stage): Promise<void> => {
  const { history, recent } = await prepare(stage)
  console.log(await backfillHistory(stage.database, history, stage.stop, { dryRun: true }))
  console.log(`then ${counted(recent.length, 'message')} as webhooks`)
  console.log('Dry run: nothing was written')
}

/** Runs the demo, and returns the numbers that changed but should not have. */
export const run = async (stage: Stage): Promise<Change[]> => {
  const { site, database, stop } = stage
  const { found, history, recent, since } = await prepare(stage)
  const firstSent = formatInstant(since).slice(0, 10)
  console.log(`\nBackfilling the history before ${firstSent}, as npm run backfill does`)
  console.log(await backfillHistory(database, history, stop, { dryRun: false }))
  if (found.isAlone) await declareComplete(database.db, contributionTypes)
  // Two empty logs have the same position, so only now is it certain that they are the same.
  await requireSameLog(stage)
  console.log(`\nSending everything since ${firstSent} as webhooks, in order`)
  console.log(describeSent(await send(site, 'Sending', recent, stop)))

  const proof = new Proof(site, found, await requireSameLog(stage), stop)
  const leader = await proof.begin()
  const unexpected = [...(await proof.deleteContent()), ...(await proof.retractSpam())]
  console.log(describeLinks(site, leader ?? firstUserId, await requireSameLog(stage)))
  return unexpected
}
