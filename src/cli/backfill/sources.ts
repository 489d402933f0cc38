import type { Instant } from '../../contributions/instant.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import { readLines, type Input } from '../lines/input.ts'
import type { Source } from './batches.ts'
import type { IgnoredFields } from './ignoredFields.ts'
import { parseLine } from './parseLine.ts'

/** What both passes read: every valid message of a file, in its order; the other lines go to `invalid`, and the fields
 * that are ignored to `ignored`. */
export const sourcesOf = async function* (
  input: Input,
  now: Instant,
  invalid: Pick<InvalidLines, 'add'>,
  onBytes?: (bytes: number) => void,
  ignored?: IgnoredFields,
): AsyncGenerator<Source> {
  for await (const line of readLines(input, onBytes)) {
    const parsed = parseLine(line, now)
    if (!parsed.ok) await invalid.add(line, parsed.faults)
    else {
      const { unknown, ...contents } = parsed.value
      for (const field of ignored ? unknown : []) ignored?.add(line.number, field)
      yield { line: line.number, bytes: line.text?.length ?? 0, ...contents }
    }
  }
}
