/** The background of cards and pages in each theme (pages/styles/parts/tokens.css). */
export const grounds = { light: '#ffffff', dark: '#1a1d1b' } as const

/** The minimum contrast between graphics and their background (WCAG 2.2, success criterion 1.4.11). */
export const contrastMin = 3

/**
 * The text backgrounds with the least contrast to text: a colour that is readable on them is readable on every
 * background of a page.
 */
export const textGrounds = { light: '#f2f0ea', dark: '#1a1d1b' } as const

/** The minimum contrast between text and its background (WCAG 2.2, success criterion 1.4.3). */
export const textContrastMin = 4.5

/** A colour as `#rrggbb`. */
export const colorPattern = /^#[0-9a-f]{6}$/

/** The red, green and blue of a colour, from 0 to 255. */
const channelsOf = (color: string): number[] =>
  [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))

/** The relative luminance of a colour (WCAG 2.2). */
const luminanceOf = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export const contrastOf = (one: string, other: string): number => {
  const [left, right] = [luminanceOf(one), luminanceOf(other)]
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05)
}

/** Mixes two colours in sRGB: `share` of `one`, and the rest of `other`. */
const mix = (one: string, share: number, other: string): string => {
  const others = channelsOf(other)
  const mixed = channelsOf(one).map((channel, index) =>
    Math.round(channel * share + (others[index] ?? 0) * (1 - share))
      .toString(16)
      .padStart(2, '0'),
  )
  return `#${mixed.join('')}`
}

/** The page colours derived from a site's accent, by CSS variable name: light, then dark. */
export const accentColors = ({ light, dark }: { light: string; dark: string }) => {
  const tint = (share: number): [string, string] => [
    mix(light, share, '#ffffff'),
    mix(dark, share, grounds.dark),
  ]
  return {
    accent: [light, dark],
    'accent-strong': [mix(light, 0.75, '#000000'), mix(dark, 0.7, '#ffffff')],
    'accent-soft': [mix(light, 0.13, '#ffffff'), mix(dark, 0.15, grounds.dark)],
    'level-1': tint(0.3),
    'level-2': tint(0.52),
    'level-3': tint(0.76),
    'level-4': tint(1),
  } as const
}
