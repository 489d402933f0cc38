/** The widths in rem at which an axis begins to show more labels, as in styles/parts/community.css. */
export const axisWidths = [6, 10, 14, 20, 28, 40, 56] as const

/** The width of a character in rem: the average of a date in DejaVu Sans, the widest face that systems choose. */
const characterWidth = 0.48
const gap = 0.5

/** How far a label may reach beyond the axis, in rem. */
const overhang = 0.5

/**
 * The indexes of the labels that fit on an axis of the given width in rem: evenly spaced, and not touching each other.
 * Each label is centred on its bar.
 */
export const labelsOn = (width: number, labels: readonly { shortName: string }[]): Set<number> => {
  const slot = width / labels.length
  const longest = Math.max(...labels.map(({ shortName }) => Array.from(shortName).length)) * characterWidth
  const step = Math.max(1, Math.ceil((longest + gap) / slot))
  const margin = Math.max(0, Math.ceil((longest / 2 - overhang) / slot - 0.5))
  const shown = labels.keys().filter((index) => index >= margin && (index - margin) % step === 0)
  return new Set(shown.filter((index) => index < labels.length - margin))
}
