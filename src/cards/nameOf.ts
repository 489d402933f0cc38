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

/*
 * Characters that leave no ink although Unicode calls some of them letters, marks or symbols: white space, what is
 * ignored by default, and the blanks of Hangul, Braille, music and hieroglyphs. Browsers draw nothing for U+FFFC.
 */
const blank = String.raw`\s\u115f\u1160\u2800\u3164\uffa0\ufffc\u{1d159}\u{13441}\u{13442}`
const inkless = String.raw`${blank}\p{Default_Ignorable_Code_Point}`

/** Blank characters, with what is ignored after them: one space is as much. */
const gap = new RegExp(`[${blank}][${inkless}]*`, 'gv')
const start = new RegExp(`^[${inkless}]+`, 'v')

/** Something that leaves ink. */
const visible = new RegExp(String.raw`[[\p{L}\p{N}\p{P}\p{S}\p{Co}]--[${inkless}]]`, 'v')

/**
 * A name as one line of text that is well-formed in XML and keeps to its own direction and height, however it was
 * meant; undefined for null and for a name that leaves no ink.
 */
export const presentName = (name: string | null): string | undefined => {
  const line = (name ?? '').replaceAll(unpresentable, '').replaceAll(gap, ' ').replace(start, '').trimEnd()
  return visible.test(line) ? graphemesOf(line).map(withoutStacks).join('') : undefined
}

/** What pages, cards and commands call a user: the display name, else the username, else "Contributor 42". */
export const nameOf = ({ id, display_name, username }: Profile): string =>
  presentName(display_name) ?? presentName(username) ?? `Contributor ${id}`
