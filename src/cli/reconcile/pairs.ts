import * as z from 'zod/mini'
import type { ContributionType } from '../../contributions/contribution.ts'
import { contributionType, userId } from '../../ingest/fields.ts'
import { quote } from '../../http/problem.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import { readLines, type Input } from '../lines/input.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import type { Fault } from '../../http/problem.ts'

/** What the site counts now for a user and a type. */
export interface Pair {
  userId: number
  type: ContributionType
  site: number
}

const useCount = 'use a whole number of at least 0'

const pairSchema = z.object(
  {
    user_id: userId,
    type: contributionType,
    count: z.int({ error: useCount }).check(z.gte(0, { error: useCount })),
  },
  { error: 'use an object with user_id, type and count' },
)

const toFault = ({ path, input, message }: z.core.$ZodIssue): Fault => {
  const name = path.join('/')
  if (input === undefined && name !== '') return { pointer: '', detail: `Missing "${name}": ${message}` }
  return { pointer: name === '' ? '' : `/${name}`, detail: `Cannot use ${quote(input)}: ${message}` }
}

/** Every valid pair of a file, in its order; the other lines go to `invalid`. */
export const readPairs = async function* (input: Input, invalid: InvalidLines): AsyncGenerator<Pair> {
  for await (const line of readLines(input)) {
    const decoded = decodeLine(line)
    if (!decoded.ok) {
      await invalid.add(line, decoded.faults)
      continue
    }
    const parsed = pairSchema.safeParse(decoded.value, { reportInput: true })
    if (parsed.success) {
      yield { userId: parsed.data.user_id, type: parsed.data.type, site: parsed.data.count }
    } else await invalid.add(line, parsed.error.issues.map(toFault))
  }
}
