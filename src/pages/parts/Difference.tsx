import type { Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'

interface DifferenceProps {
  now: number
  before: number
  formatters: Formatters
}

/** Above a tenfold increase, the percentage is left out, because it says less than the number. */
const relativeMax = 10

/** A difference in percent of the earlier number; undefined above a tenfold increase. */
export const relativeText = (
  difference: number,
  before: number,
  formatters: Formatters,
): string | undefined =>
  difference <= before * relativeMax ? formatters.relativeChange(difference / before) : undefined

/** How much more or less than before, as a number and, unless the earlier number is too small, in percent. */
export const Difference = ({ now, before, formatters }: DifferenceProps) => {
  const { text } = useTexts()
  const difference = now - before
  if (difference === 0) return <strong>{text('change.none')}</strong>
  const amount = text(difference > 0 ? 'change.more' : 'change.fewer', { amount: Math.abs(difference) })
  const relative = relativeText(difference, before, formatters)
  return (
    <strong>
      <span aria-hidden="true">{difference > 0 ? '▴' : '▾'} </span>
      {amount}
      {relative !== undefined && ` (${relative})`}
    </strong>
  )
}
