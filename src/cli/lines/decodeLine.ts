import { bodyBytesMax } from '../../ingest/body.ts'
import type { Parsed } from '../../ingest/message.ts'
import { parseJson } from '../../ingest/parseJson.ts'
import type { Line } from './input.ts'

const refuse = (detail: string): { ok: false; issues: { pointer: string; detail: string }[] } => ({
  ok: false,
  issues: [{ pointer: '', detail }],
})

// A byte order mark at the beginning of a line is dropped, as the webhook does with one of a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const whyNot = (error: unknown): string => (error instanceof Error ? error.message : String(error))

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
    return { ok: true, value: parseJson(text) }
  } catch (error) {
    return refuse(`Cannot read the line as JSON: ${whyNot(error)}`)
  }
}
