import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CommandFailure } from '../src/cli/command.ts'
import { projectDirectory } from '../src/cli/platform/wrangler.ts'
import { makeUpContributions, type SentContribution } from './madeUp.ts'

/** What is loaded, in time order, and where it comes from. */
export interface DataSet {
  source: string
  contributions: SentContribution[]
}

/** Sixteen years of a real community. It lies beside the project, not in it. */
const realData = join(projectDirectory, '../shared/data/contributions-2009-2024.ndjson.gz')

const read = (file: string): SentContribution[] => {
  try {
    const bytes = readFileSync(file)
    const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes
    const lines = text.toString().trimEnd().split('\n')
    return lines.map((line): SentContribution => JSON.parse(line))
  } catch (error) {
    throw new CommandFailure(`Cannot read contributions from ${file}: ${String(error)}`, { cause: error })
  }
}

/** Reads a file of Contributions, NDJSON or gzip of it; without one the real data, or made-up data if it is absent. Throws a CommandFailure for a file that cannot be read. */
export const readDataSet = (file: string | undefined): DataSet => {
  if (file !== undefined) return { source: file, contributions: read(file) }
  if (existsSync(realData)) return { source: 'the real data', contributions: read(realData) }
  return { source: 'made-up data, for the real data is not here', contributions: makeUpContributions() }
}

/** The users of contributions, the busiest first. */
export const usersByActivity = (contributions: readonly SentContribution[]): number[] => {
  const counts = new Map<number, number>()
  for (const { user } of contributions) counts.set(user.id, (counts.get(user.id) ?? 0) + 1)
  return [...counts].sort(([left, fewer], [right, more]) => more - fewer || left - right).map(([id]) => id)
}
