import { describe, expect, it } from 'vitest'
import { palettes } from '../../src/cards/cardStyles.ts'

/** WCAG 2.2, relative luminance of an sRGB colour. */
const luminance = (color: string): number => {
  const channels = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (lighter + 0.05) / (darker + 0.05)
}

it('contrast() agrees with the examples of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const { ground, ink, quiet, accent, types } = palettes[theme]

  it.each(Object.entries({ ink, quiet, accent }))(
    'has a contrast of at least 4.5 for text in %s',
    (_, color) => {
      expect(contrast(color, ground)).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(Object.entries(types))('has a contrast of at least 3 for %s', (_, color) => {
    expect(contrast(color, ground)).toBeGreaterThanOrEqual(3)
  })
})
