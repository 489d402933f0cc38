import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CommandFailure } from '../src/cli/command.ts'
import { projectDirectory } from '../src/cli/platform/wrangler.ts'
import type { SentContribution } from '../test/support/oracle.ts'

/** Contributions in chronological order, and where they come from. */
export interface DataSet {
  source: string
  contributions: SentContribution[]
}

/** Sixteen years of a real community, in a folder beside the project. */
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

/*
 * Made-up data of the same size and shape as the real data: most of it in the last years, many users with few
 * contributions, few users with many.
 */

const madeUpCount = 262_852
const users = 110_000
const from = Date.UTC(2009, 5, 4)
const to = Date.UTC(2025, 0, 1)

/** The number per thousand contributions of each type, and its content type. */
const kinds: readonly [perThousand: number, type: string, contentType: string][] = [
  [378, 'answer', 'questions.answer'],
  [104, 'kb_edit', 'wiki.revision'],
  [11, 'helpful_vote', 'questions.answervote'],
  [7, 'solution', 'questions.answer'],
  [500, 'question', 'questions.question'],
]

const kindOf = (draw: number): [type: string, contentType: string] => {
  let left = draw * 1000
  for (const [perThousand, type, contentType] of kinds) {
    if (left < perThousand) return [type, contentType]
    left -= perThousand
  }
  throw new Error(`Cannot draw a type with ${draw}: use a number below 1`)
}

/** A number in [0, 1) for each index, evenly distributed. Each integer that is not a square gives a different sequence. */
const spread = (index: number, sequence: number): number => ((index + 1) * Math.sqrt(sequence)) % 1

const makeUp = (index: number): SentContribution => {
  const [type, contentType] = kindOf(spread(index, 2))
  const parent = { type: 'questions.question', id: `q${Math.floor(index * spread(index, 3))}` }
  return {
    type,
    // The fourth power gives the busiest user one in twenty contributions; the fifth root puts most contributions into
    // the last years.
    user: { id: 1 + Math.floor(users * spread(index, 5) ** 4) },
    occurred_at: new Date(from + (to - from) * (index / madeUpCount) ** 0.2).toISOString(),
    content: { type: contentType, id: `c${index}` },
    ...(type === 'question' ? {} : { parent, self: spread(index, 6) < 0.25 }),
    locale: spread(index, 7) < 0.86 ? 'en-US' : 'it',
    product: spread(index, 10) < 0.6 ? 'firefox' : 'thunderbird',
  }
}

/** Always the same contributions, in chronological order. */
const makeUpContributions = (): SentContribution[] =>
  Array.from({ length: madeUpCount }, (_, index) => makeUp(index))

/**
 * Reads contributions from an NDJSON file, plain or gzipped. If `file` is undefined, uses the real data or, if that is
 * missing, made-up data. Throws a CommandFailure if the file cannot be read.
 */
export const readDataSet = (file: string | undefined): DataSet => {
  if (file !== undefined) return { source: file, contributions: read(file) }
  if (existsSync(realData)) return { source: 'the real data', contributions: read(realData) }
  return { source: 'made-up data, because the real data is absent', contributions: makeUpContributions() }
}

/** The IDs of the contributors, most contributions first. */
export const usersByActivity = (contributions: readonly SentContribution[]): number[] => {
  const counts = new Map<number, number>()
  for (const { user } of contributions) counts.set(user.id, (counts.get(user.id) ?? 0) + 1)
  return [...counts].sort(([left, fewer], [right, more]) => more - fewer || left - right).map(([id]) => id)
}
