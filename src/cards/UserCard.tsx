import { formatCount } from './formatCount.ts'
import { Caption, FittedText, Frame, margin, width } from './Frame.tsx'
import { describe, sinceOf, type Portrait } from './portrait.ts'
import type { Theme } from './themes.ts'
import { TypeBar, typeBarHeight } from './TypeBar.tsx'

const numbersBaseline = 126
const captionsBaseline = 147

const Total = ({ count }: { count: number }) => (
  <>
    <FittedText x={margin} y={numbersBaseline} room={116} largest={40} smallest={8} tone="accent" bold>
      {formatCount(count)}
    </FittedText>
    <Caption x={margin} y={captionsBaseline}>
      {count === 1 ? 'contribution' : 'contributions'}
    </Caption>
  </>
)

const Recent = ({ x, count, days }: { x: number; count: number; days: number }) => (
  <>
    <FittedText x={x} y={numbersBaseline} room={62} largest={24} smallest={8} tone="ink" bold>
      {formatCount(count)}
    </FittedText>
    <Caption x={x} y={captionsBaseline}>{`in ${days} days`}</Caption>
  </>
)

const weeksHeight = 44

/** A bar is full at this many, or at the busiest week's: a single contribution makes no peak. */
const weeksFull = 4

/** A bar a week, all on one path; a week without any is a line, so that the year can be seen. */
const Weeks = ({ weeks }: { weeks: readonly number[] }) => {
  const left = width - margin - 3 * weeks.length + 1
  const most = Math.max(weeksFull, ...weeks)
  const bars = weeks.map((count, index) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((weeksHeight * count) / most))
    return `M${left + 3 * index} ${numbersBaseline}v-${height}h2v${height}z`
  })
  return (
    <>
      <path class="accent" d={bars.join('')} />
      <Caption x={width - margin} y={captionsBaseline} end>{`in ${weeks.length} weeks`}</Caption>
    </>
  )
}

const barTop = 168

/** A user's contributions at a glance. */
export const UserCard = ({ portrait, theme }: { portrait: Portrait; theme: Theme }) => {
  const { name, total, last30Days, last90Days, weeks, asOf } = portrait
  const since = sinceOf(portrait)
  return (
    <Frame
      theme={theme}
      height={barTop + typeBarHeight(portrait) + 20}
      title={`Contributions of \u2068${name}\u2069`}
      description={describe(portrait)}
      heading={name}
    >
      <Caption x={margin} y={70}>
        {asOf === null ? since : `${since} · as of ${asOf}`}
      </Caption>
      <Total count={total} />
      <Recent x={152} count={last30Days} days={30} />
      <Recent x={226} count={last90Days} days={90} />
      <Weeks weeks={weeks} />
      <TypeBar portrait={portrait} y={barTop} />
    </Frame>
  )
}
