import type { Formatters } from '../formatters.ts'
import { useTexts, type Texts } from '../texts/texts.ts'

interface DifferenceProps {
  now: number
  before: number
  formatters: Formatters
}

/** Above a tenfold increase, the percentage is left out, because it says less than the number. */
const relativeMax = 10

/** Below this part, a change in percent would be rounded to 0, although there is one. */
const relativeMin = 0.005

/** A greater decrease would be rounded to −100%, although something is left. */
const decreaseMax = 0.99

/** A difference, which is not 0, in percent of the earlier number; undefined above a tenfold increase. */
export const relativeText = (
  difference: number,
  before: number,
  formatters: Formatters,
  { text }: Texts,
): string | undefined => {
  if (difference > before * relativeMax) return undefined
  const part = difference / before
  return Math.abs(part) < relativeMin
    ? text('change.under', { share: formatters.wholeShare(0.01) })
    : formatters.relativeChange(part === -1 ? part : Math.max(part, -decreaseMax))
}

/** How much more or less than before, as a number and, unless the earlier number is too small, in percent. */
export const Difference = ({ now, before, formatters }: DifferenceProps) => {
  const texts = useTexts()
  const { text } = texts
  const difference = now - before
  if (difference === 0) return <strong>{text('change.none')}</strong>
  const amount = text(difference > 0 ? 'change.more' : 'change.fewer', { amount: Math.abs(difference) })
  const relative = relativeText(difference, before, formatters, texts)
  return (
    <strong>
      <span aria-hidden="true">{difference > 0 ? '▴' : '▾'} </span>
      {amount}
      {relative !== undefined && ` (${relative})`}
    </strong>
  )
}
