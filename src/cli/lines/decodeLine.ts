import { invalidMessage, type InvalidMessage } from '../../failure.ts'
import { bodyBytesMax } from '../../ingest/body.ts'
import type { Line } from './input.ts'

const invalidLine = (detail: string): InvalidMessage => invalidMessage([{ pointer: '', detail }])

// Drops a byte order mark at the start of a line, as the webhook does at the start of a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const mayBeRounded = /[0-9]{16}/

/** Keeps every digit of an integer that is too large for a number, so that an error can quote it. */
const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value
}

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
    return invalidLine(`Cannot take a line of more than ${bodyBytesMax} bytes: split it`)
  const text = textOf(line)
  if (text === undefined) return invalidLine('Cannot read the line as UTF-8: write the file in UTF-8')
  try {
    return { value: mayBeRounded.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text) }
  } catch (error) {
    return invalidLine(
      `Cannot read the line as JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
