import { eastAsianWidth } from 'get-east-asian-width'
import { graphemesOf } from './names.ts'

/*
 * Widths of glyphs in em. The viewer's system chooses the font, so these are generous estimates: times `boldFactor`, at
 * least as wide as common letters of DejaVu Sans Bold, the widest face that systems choose. Wider glyphs are clipped.
 */
const emoji = 1.35
const fullWidth = 1.02
const widestLetter = 1.21
const wideLetter = 1.01
const capital = 0.78
const letter = 0.66
const joinedLetter = 0.6
const slimLetter = 0.45
const narrowLetter = 0.37
/** Single characters that are a whole word, like ﷺ, or a sentence, like ﷽. */
const wordLigature = 3
const sentenceLigature = 12

const characterWidth = (character: string): number => {
  if (/[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 0
  if (/\p{Extended_Pictographic}/u.test(character)) return emoji
  if (character === '\ufdfd') return sentenceLigature
  if (/[\ufdf0-\ufdfc]/.test(character)) return wordLigature
  if (eastAsianWidth(character.codePointAt(0) ?? 0) === 2) return fullWidth
  if (/[ŒЖШЩЮЉ]/u.test(character)) return widestLetter
  if (/[mwMWÆæœΜωМФЦЪЫДЊжмфшщыюљњسشصضطظ@%&…—]/u.test(character)) return wideLetter
  if (/[!()[\]ftr]/u.test(character)) return slimLetter
  if (/[ .,:;'|iljIוזין\u202f\p{Mc}]/u.test(character)) return narrowLetter
  if (/\p{Script=Arabic}/u.test(character)) return joinedLetter
  return /[\p{Lu}\p{Sm}#длъцћμπσφψ]/u.test(character) ? capital : letter
}

const graphemeWidth = (grapheme: string): number =>
  /^\p{RGI_Emoji}$/v.test(grapheme)
    ? emoji
    : Array.from(grapheme).reduce((sum, character) => sum + characterWidth(character), 0)

/** The estimated width of a text, in em. */
export const widthOf = (text: string): number =>
  graphemesOf(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)

const ellipsis = '…'

const truncate = (text: string, width: number): string => {
  let left = width - widthOf(ellipsis)
  let kept = ''
  for (const grapheme of graphemesOf(text)) {
    left -= graphemeWidth(grapheme)
    if (left < 0) break
    kept += grapheme
  }
  return kept.trimEnd() + ellipsis
}

/** Bold glyphs are at most this much wider than estimated. */
export const boldFactor = 1.1

/**
 * Fits a text into `room`, in the same unit as the sizes: chooses the largest size that fits. If even `smallest` does
 * not fit, truncates the text after a whole grapheme and adds an ellipsis.
 */
export const fitText = (
  text: string,
  room: number,
  largest: number,
  smallest: number,
): { text: string; size: number } => {
  const size = Math.min(largest, room / widthOf(text))
  if (size >= smallest) return { text, size: Math.floor(size * 10) / 10 }
  return { text: truncate(text, room / smallest), size: smallest }
}
