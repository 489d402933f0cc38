import * as z from 'zod/mini'
import type { ContributionType } from '../../contributions/contribution.ts'
import { contributionType, userId } from '../../ingest/fields.ts'
import { quote } from '../../http/problem.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import { readLines, type Input } from '../lines/input.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'

/** What the site counts now for a user and a type. */
export interface Pair {
  userId: number
  type: ContributionType
  site: number
}

const useCount = 'use an integer from 0 to 9007199254740991'

const pairSchema = z.object(
  {
    user_id: userId,
    type: contributionType,
    count: z.int({ error: useCount }).check(z.gte(0, { error: useCount })),
  },
  { error: 'use an object with user_id, type and count' },
)

/** Every valid pair of a file, in its order; the other lines go to `invalid`. */
export const readPairs = async function* (input: Input, invalid: InvalidLines): AsyncGenerator<Pair> {
  for await (const line of readLines(input)) {
    const decoded = decodeLine(line)
    if (decoded === undefined) continue
    if (!decoded.ok) {
      await invalid.add(line, decoded.faults)
      continue
    }
    const parsed = pairSchema.safeParse(decoded.value, { reportInput: true })
    if (parsed.success) {
      yield { userId: parsed.data.user_id, type: parsed.data.type, site: parsed.data.count }
      continue
    }
    const faults = parsed.error.issues.map((issue) => ({
      pointer: issue.path.map((key) => `/${String(key)}`).join(''),
      detail: `Cannot use ${quote(issue.input)}: ${issue.message}`,
    }))
    await invalid.add(line, faults)
  }
}
