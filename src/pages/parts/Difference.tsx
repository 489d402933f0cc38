import type { Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'

interface DifferenceProps {
  now: number
  before: number
  formatters: Formatters
}

/** Above a tenfold increase, the percentage is left out, because it says less than the number. */
const relativeMax = 10

/** How much more or less than before, as a number and, unless the earlier number is too small, in percent. */
export const Difference = ({ now, before, formatters }: DifferenceProps) => {
  const { text } = useTexts()
  const difference = now - before
  if (difference === 0) return <strong>{text('change.none')}</strong>
  const amount = text(difference > 0 ? 'change.more' : 'change.fewer', { amount: Math.abs(difference) })
  return (
    <strong>
      <span aria-hidden="true">{difference > 0 ? '▴' : '▾'} </span>
      {amount}
      {difference <= before * relativeMax && ` (${formatters.relativeChange(difference / before)})`}
    </strong>
  )
}
