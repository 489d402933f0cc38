import type { Profile } from '../contributions/user.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a reader takes for one character each. */
export const graphemesOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment)

/** No living script puts more on one letter; stacks of dozens are drawn across everything near them. */
const marksMax = 4

const withoutStacks = (grapheme: string): string => {
  let marks = 0
  return Array.from(grapheme)
    .filter((character) => {
      if (/[\p{Mn}\p{Me}]/u.test(character)) marks += 1
      else return true
      return marks <= marksMax
    })
    .join('')
}

/** What XML 1.0 forbids (section 2.2), and explicit directions (UAX #9), which reach past the name's end. */
const unpresentable = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu

const presentable = (name: string): string =>
  graphemesOf(name.replaceAll(/\s+/gu, ' ').replaceAll(unpresentable, '').trim()).map(withoutStacks).join('')

/** Something that leaves ink. */
const visible = /[[\p{L}\p{N}\p{P}\p{S}\p{Co}]--\p{Default_Ignorable_Code_Point}]/v

/**
 * What a card calls a user: the display name, else the username, else "Contributor 42"; one line of text that is
 * well-formed in XML and keeps to its own direction and height, however it was meant.
 */
export const nameOf = ({ id, display_name, username }: Profile): string =>
  [display_name ?? '', username ?? ''].map(presentable).find((name) => visible.test(name)) ??
  `Contributor ${id}`
