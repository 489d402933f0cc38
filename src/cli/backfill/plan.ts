import { contributionTypes, type ContributionType } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import { compareContributions } from '../../log/contributions.ts'
import { ask } from '../../log/database.ts'
import type { Fault } from '../../http/problem.ts'
import type { Input, Line } from '../lines/input.ts'
import { InvalidLines } from '../lines/invalidLines.ts'
import { patiently } from '../platform/patience.ts'
import { startProgress } from '../console/progress.ts'
import { batchesOf, type Batch } from './batches.ts'
import { Conflicts } from './conflicts.ts'
import { IgnoredFields } from './ignoredFields.ts'
import { typesLeftOut } from './leftOut.ts'
import { Repeats } from './repeats.ts'
import { sourcesOf } from './sources.ts'
import { Tally } from './tally.ts'

/** What a file holds and what writing it would do. */
export interface Plan {
  contributions: Tally
  /** Items of the other messages. */
  others: number
  invalid: number
  /** How many of the invalid lines are, or may be, about each type: with any, it is not whole without them. */
  leftOut: Map<ContributionType, number>
  /** The types that the file itself declares whole. */
  declared: Set<ContributionType>
  conflicts: Conflicts
  ignoredFields: IgnoredFields
}

/** What both passes need to know. */
export interface Backfill {
  db: D1Database
  input: Input
  systemUsers: ReadonlySet<number>
  /** Decides what lies too far ahead, in both passes alike. */
  now: Instant
  stop: AbortSignal
}

const countOthers = ({ appendage, deletions }: Batch): number =>
  appendage.corrections.length + appendage.users.length + appendage.declarations.length + deletions

const compare = async (db: D1Database, batch: Batch, plan: Plan, repeats: Repeats): Promise<void> => {
  const { contributions } = batch.appendage
  const [verdicts] = await patiently(async () => await ask(db, compareContributions(db, contributions)))
  for (const [index, contribution] of contributions.entries()) {
    const line = batch.lines[index] ?? 0
    const verdict = verdicts[index]
    if (verdict === undefined) repeats.add(contribution, line)
    plan.contributions.addContribution(contribution, verdict?.status ?? 'new')
    if (verdict?.status === 'conflict') plan.conflicts.add(line, contribution, verdict.position)
  }
  for (const contribution of batch.ignored) plan.contributions.addContribution(contribution, 'ignored')
  for (const { type, complete } of batch.appendage.declarations) if (complete) plan.declared.add(type)
  plan.others += countOthers(batch)
}

const takeRepeats = (plan: Plan, repeats: Repeats): void => {
  for (const { line, type, year, same } of repeats.find()) {
    plan.contributions.add(type, year, 'new', -1)
    plan.contributions.add(type, year, same ? 'duplicate' : 'conflict')
    if (!same) plan.conflicts.addRepeat(line, type)
  }
}

/** Notes what is not whole without a line, and hands the line on. */
const noteLeftOut = (plan: Plan, invalid: InvalidLines): Pick<InvalidLines, 'add'> => ({
  add: async (line: Line, faults: readonly Fault[]): Promise<void> => {
    for (const type of typesLeftOut(line)) plan.leftOut.set(type, (plan.leftOut.get(type) ?? 0) + 1)
    await invalid.add(line, faults)
  },
})

/** The types that are to be declared whole and cannot be, because invalid lines of them are left out. */
export const notWhole = (
  { leftOut, declared }: Plan,
  asked: readonly ContributionType[] = [],
): ContributionType[] =>
  contributionTypes.filter((type) => leftOut.has(type) && (declared.has(type) || asked.includes(type)))

/** The first pass: checks every line, names the bad ones, and compares the rest with the log. Writes nothing. */
export const makePlan = async (backfill: Backfill, errorsFile: string | undefined): Promise<Plan> => {
  const { db, input, systemUsers, now, stop } = backfill
  const progress = startProgress('Checking', input.bytes)
  const invalid = await InvalidLines.open(errorsFile, input, progress.say)
  const repeats = new Repeats()
  const plan: Plan = {
    contributions: new Tally(),
    others: 0,
    invalid: 0,
    leftOut: new Map(),
    declared: new Set(),
    conflicts: new Conflicts(),
    ignoredFields: new IgnoredFields(),
  }
  try {
    let read = 0
    let comparing = Promise.resolve()
    for await (const batch of batchesOf(
      sourcesOf(input, now, noteLeftOut(plan, invalid), (bytes) => (read = bytes), plan.ignoredFields),
      systemUsers,
    )) {
      stop.throwIfAborted()
      await comparing
      comparing = compare(db, batch, plan, repeats)
      comparing.catch(() => undefined) // awaited above or below; until then it is nobody's
      progress.advance(read, plan.contributions.total + plan.others)
    }
    await comparing
    takeRepeats(plan, repeats)
  } finally {
    progress.end()
    repeats.close()
    await invalid.close()
  }
  return { ...plan, invalid: invalid.count }
}
