/** How far each key moves the value of a slider. */
export type Steps = Readonly<Record<string, number>>

/** The index that a key leads to, from 0 to `last`; undefined for keys that a slider ignores (WAI-ARIA 1.2, slider). */
export const stepByKey = (key: string, index: number, last: number, steps: Steps): number | undefined => {
  if (key === 'Home') return 0
  if (key === 'End') return last
  const step = steps[key]
  return step === undefined ? undefined : Math.min(Math.max(index + step, 0), last)
}
