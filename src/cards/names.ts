import type { Profile } from '../contributions/user.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The user-perceived characters of a text. */
export const graphemesOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment)

/**
 * The maximum number of combining marks per letter; no living script needs more. Stacks of dozens would overlap their
 * surroundings.
 */
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

/**
 * Characters that XML 1.0 forbids (section 2.2), and directional controls (UAX #9), whose effect would extend beyond
 * the name.
 */
const forbidden = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu

/*
 * Characters that browsers draw as blanks, although Unicode classifies some as letters, marks or symbols: white space,
 * Hangul fillers, blanks in Braille, music and hieroglyphs, and U+FFFC. Default ignorables are not drawn at all.
 */
const blank = String.raw`\s\u115f\u1160\u2800\u3164\uffa0\ufffc\u{1d159}\u{13441}\u{13442}`
const invisible = String.raw`${blank}\p{Default_Ignorable_Code_Point}`

/** A run of blanks and of ignorables after them, which is replaced with one space. */
const gap = new RegExp(`[${blank}][${invisible}]*`, 'gv')
const start = new RegExp(`^[${invisible}]+`, 'v')

/** A character that is drawn. */
const visible = new RegExp(String.raw`[[\p{L}\p{N}\p{P}\p{S}\p{Co}]--[${invisible}]]`, 'v')

/**
 * Makes a name safe to show: a single line of valid XML characters, without effect on the direction of other text, and
 * no taller than a line. Returns undefined for null and for a name without visible characters.
 */
export const presentName = (name: string | null): string | undefined => {
  const line = (name ?? '').replaceAll(forbidden, '').replaceAll(gap, ' ').replace(start, '').trimEnd()
  return visible.test(line) ? graphemesOf(line).map(withoutStacks).join('') : undefined
}

/** A user's display name, or else the username. Undefined if there is nothing to show of either. */
export const givenName = ({ display_name, username }: Omit<Profile, 'id'>): string | undefined =>
  presentName(display_name) ?? presentName(username)
