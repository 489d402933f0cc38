/** The vertical axis of a chart. */
export interface Scale {
  top: number
  /** Below 0 if any series is drawn below the zero line. */
  bottom: number
  /** Evenly spaced from top to bottom; they include 0. */
  ticks: number[]
}

const ticksWanted = 4
const steps = [1, 2, 2.5, 5, 10]

/** The smallest step of the form 1, 2, 2.5 or 5 times a power of ten that is at least `least`, and whole if `isWhole`. */
const stepFrom = (least: number, isWhole: boolean): number => {
  const power = 10 ** Math.floor(Math.log10(least))
  const candidates = steps.map((step) => step * power)
  return (
    candidates.find((step) => step >= least * (1 - 1e-9) && (!isWhole || Number.isInteger(step))) ??
    Math.max(10 * power, 1)
  )
}

/** The axis for values from `least`, which is at most 0, to `most`. Ticks are whole numbers if the values are. */
export const scaleOf = (most: number, least: number, isWhole: boolean): Scale => {
  const range = most - least || 1
  const step = stepFrom(range / ticksWanted, isWhole)
  const above = Math.max(Math.ceil(most / step - 1e-9), least < 0 ? 0 : 1)
  const below = Math.ceil(-least / step - 1e-9)
  return {
    top: above * step,
    bottom: -below * step,
    ticks: Array.from({ length: above + below + 1 }, (_, index) => (above - index) * step),
  }
}
