/** The background of each theme, of cards and of pages (pages/styles/parts/tokens.css). */
export const grounds = { light: '#ffffff', dark: '#1a1d1b' } as const

/** The least contrast between a drawing and its background (WCAG 2.2, success criterion 1.4.11). */
export const contrastMin = 3

/** A colour as `#rrggbb`. */
export const colorPattern = /^#[0-9a-f]{6}$/

/** The relative luminance of a colour (WCAG 2.2). */
const luminanceOf = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export const contrastOf = (one: string, other: string): number => {
  const [left, right] = [luminanceOf(one), luminanceOf(other)]
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05)
}
