/** The colours that a card can have; `auto` follows the reader's own choice. */
export const themes = ['light', 'dark', 'auto'] as const
export type Theme = (typeof themes)[number]
