import { invalidMessage, type InvalidMessage } from '../../failure.ts'
import { bodyBytesMax, parseJson } from '../../ingest/body.ts'
import type { Line } from './input.ts'

const invalidLine = (detail: string): InvalidMessage => invalidMessage([{ pointer: '', detail }])

// Drops a byte order mark at the start of a line, as the webhook does at the start of a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** The text of a line; undefined when it is not UTF-8 or too long to keep in memory. */
export const textOf = ({ text }: Line): string | undefined => {
  if (text === undefined) return undefined
  try {
    return utf8.decode(text)
  } catch {
    return undefined
  }
}

/** The JSON of a line, wrapped because it may itself have a field "failure"; or why the line has none. */
export const decodeLine = (line: Line): { value: unknown } | InvalidMessage => {
  if (line.text === undefined)
    return invalidLine(`Cannot accept a line of more than ${bodyBytesMax} bytes: split it`)
  const text = textOf(line)
  if (text === undefined) return invalidLine('Cannot read the line as UTF-8: write the file in UTF-8')
  try {
    return { value: parseJson(text) }
  } catch (error) {
    return invalidLine(
      `Cannot read the line as JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
