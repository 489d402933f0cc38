import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import { fetchApi } from './site.ts'

/** A card as a caller gets it. */
export interface Card {
  response: Response
  text: string
  document: Document
  /** The user's name as the card shows it. */
  heading: string
  title: string
  description: string
}

/** The characters of XML 1.0 section 2.2. The parser does not check all of them. */
const characters = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u

/** Parses a card. Throws unless it is well-formed XML. */
export const parseCard = (text: string): Document => {
  if (!characters.test(text)) throw new Error('The card has a character that XML forbids')
  if (text.includes(']]>')) throw new Error('The card has ]]> in its text, which XML forbids')
  const onError = (level: string, message: string): void => {
    // A name may contain U+FFFD; the parser warns of it as a sign of bad decoding.
    if (level === 'warning' && message.startsWith('Unicode replacement character')) return
    throw new Error(`The card is not well-formed (${level}): ${message}`)
  }
  return new DOMParser({ onError }).parseFromString(text, 'image/svg+xml')
}

const isolate = /^\u2068(.*)\u2069$/u

const texts = (elements: Iterable<Element>): string[] =>
  Array.from(elements, ({ textContent }) => textContent ?? '')

/** Reads a card of any status. Throws unless it is well-formed. */
export const readCard = async (path: string, init?: RequestInit): Promise<Card> => {
  const response = await fetchApi(path, init)
  const bytes = await response.arrayBuffer()
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const document = parseCard(text)
  const headings = texts(document.getElementsByTagName('text')).flatMap(
    (line) => isolate.exec(line)?.[1] ?? [],
  )
  return {
    response,
    text,
    document,
    heading: headings[0] ?? '',
    title: texts(document.getElementsByTagName('title'))[0] ?? '',
    description: texts(document.getElementsByTagName('desc'))[0] ?? '',
  }
}
