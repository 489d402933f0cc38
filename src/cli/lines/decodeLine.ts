import { bodyBytesMax } from '../../ingest/body.ts'
import type { Parsed } from '../../ingest/message.ts'
import type { Line } from './input.ts'

const refuse = (detail: string): { ok: false; faults: { pointer: string; detail: string }[] } => ({
  ok: false,
  faults: [{ pointer: '', detail }],
})

// A byte order mark at the beginning of a line is dropped, as the webhook does with one of a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const whyNot = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const maybeRounded = /[0-9]{16}/

/** Keeps the digits of an integer that a number would round, so that an error can quote it. */
const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value
}

/** The text of a line; undefined when it is not UTF-8 or was too long to hold. */
export const textOf = ({ text }: Line): string | undefined => {
  if (text === undefined) return undefined
  try {
    return utf8.decode(text)
  } catch {
    return undefined
  }
}

/** The JSON of a line, or why there is none. */
export const decodeLine = (line: Line): Parsed<unknown> => {
  if (line.text === undefined) {
    return refuse(`Cannot take a line of more than ${bodyBytesMax} bytes: split it`)
  }
  const text = textOf(line)
  if (text === undefined) return refuse('Cannot read the line as UTF-8: write the file in UTF-8')
  try {
    const value: unknown = maybeRounded.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
    return { ok: true, value }
  } catch (error) {
    return refuse(`Cannot read the line as JSON: ${whyNot(error)}`)
  }
}
