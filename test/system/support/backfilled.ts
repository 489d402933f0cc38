import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePlan, type Plan } from '../../../src/cli/backfill/plan.ts'
import { write, type Written } from '../../../src/cli/backfill/write.ts'
import { readEverything } from '../../../src/cli/export/readEverything.ts'
import { openInput } from '../../../src/cli/lines/input.ts'

/** Backfills values, one per line, as the command does, from a temporary file in `directory`. */
export const backfillInto = async (
  db: D1Database,
  directory: string,
  lines: readonly unknown[],
  systemUsers: readonly number[] = [],
): Promise<{ plan: Plan; written: Written }> => {
  const file = join(directory, 'backfilled.ndjson')
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const input = await openInput(file)
  const stop = new AbortController().signal
  const backfill = { db, input, systemUsers: new Set(systemUsers), now: Date.now(), stop }
  const plan = await makePlan(backfill, undefined)
  return { plan, written: await write(backfill, plan) }
}

/** The lines of an export, parsed, in order. */
export const exportFrom = async (db: D1Database): Promise<object[]> =>
  await Array.fromAsync(readEverything(db))

/** Values as sorted lines. Their order may differ because a transaction applies contributions before corrections. */
export const sorted = (values: readonly object[]): string[] =>
  values.map((value) => JSON.stringify(value)).sort()
