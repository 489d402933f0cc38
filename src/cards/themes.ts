/** The themes of a card. `auto` follows the viewer's system. */
export const themes = ['light', 'dark', 'auto'] as const
export type Theme = (typeof themes)[number]
