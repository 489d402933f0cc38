/** The vertical axis of a chart. */
export interface Scale {
  top: number
  /** Below 0 if something hangs from the line at 0. */
  bottom: number
  /** Evenly spaced from the top to the bottom; 0 is one of them. */
  ticks: number[]
}

const ticksWanted = 4
const steps = [1, 2, 2.5, 5, 10]

/** The least of 1, 2, 2.5 and 5 times a power of ten that is not less than a number; a whole one if `isWhole`. */
const stepFrom = (least: number, isWhole: boolean): number => {
  const power = 10 ** Math.floor(Math.log10(least))
  const candidates = steps.map((step) => step * power)
  return (
    candidates.find((step) => step >= least * (1 - 1e-9) && (!isWhole || Number.isInteger(step))) ??
    Math.max(10 * power, 1)
  )
}

/** The axis for values from `least`, at most 0, to `most`. Ticks are whole numbers if the values are. */
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

/** Every how many labels of a row one is shown, so that at most `most` are. */
export const labelStep = (count: number, most: number): number => Math.max(1, Math.ceil(count / most))
