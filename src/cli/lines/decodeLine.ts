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

/** The JSON of a line, or why there is none; undefined for a blank line, which says nothing. */
export const decodeLine = ({ text }: Line): Parsed<unknown> | undefined => {
  if (text === undefined)
    return refuse(`Cannot take a line of more than ${bodyBytesMax} bytes: cut it in pieces`)
  try {
    const decoded = utf8.decode(text)
    if (decoded.trim() === '') return undefined
    return { ok: true, value: JSON.parse(decoded) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`Cannot read the line as JSON: ${whyNot(error)}`)
    return refuse('Cannot read the line as UTF-8: write the file in UTF-8')
  }
}
