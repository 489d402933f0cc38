import type { CardLanguage } from '../definitions/languages.ts'

/** The themes of a card. `auto` follows the viewer's system. */
export const themes = ['light', 'dark', 'auto'] as const
export type Theme = (typeof themes)[number]

/** The layouts of a card: numbers and a bar for each week, one line, or numbers and a calendar. */
export const variants = ['standard', 'compact', 'wide'] as const
export type Variant = (typeof variants)[number]

/** The width of each variant in px. */
export const cardWidths: Record<Variant, number> = { standard: 480, compact: 360, wide: 840 }

/**
 * The height in px of a card that has a sentence instead of numbers. Every other card is taller, so that a
 * page can tell them apart: it can read an image's size, but not its status.
 */
export const noticeHeight = 80

/** The appearance of a card. */
export interface CardStyle {
  theme: Theme
  variant: Variant
  language: CardLanguage
}
