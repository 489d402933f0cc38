import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { Caption, FittedText, Frame, margin, width } from './Frame.tsx'
import { descriptionOf, formatCount, sinceOf, type Portrait } from './portrait.ts'
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

/** The scale ends at the busiest week's count, but not below this, so that a single contribution is not a peak. */
const fullScaleMin = 4

/** A bar for each week, all in one path. An empty week is a thin line, so that the whole year is visible. */
const Weeks = ({ weeks }: { weeks: readonly number[] }) => {
  const left = width - margin - 3 * weeks.length + 1
  const fullScale = Math.max(fullScaleMin, ...weeks)
  const bars = weeks.map((count, index) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((weeksHeight * count) / fullScale))
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

/** The card of a user's contributions. */
const UserCard = ({ portrait, theme }: { portrait: Portrait; theme: Theme }) => {
  const { name, total, last30Days, last90Days, weeks, asOf } = portrait
  const since = sinceOf(portrait)
  return (
    <Frame
      theme={theme}
      height={barTop + typeBarHeight(portrait) + 20}
      title={`Contributions of \u2068${name}\u2069`}
      description={descriptionOf(portrait)}
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

// Rendered HTML is well-formed XML, except for one sequence that XML forbids in text (XML 1.0 section 2.4).
const toXml = (card: VNode): string => render(card).replaceAll(']]>', ']]&gt;')

/** A user's card: an SVG without scripts, links or fonts, smaller than 10 KB for any name. */
export const renderUserCard = (portrait: Portrait, theme: Theme): string =>
  toXml(<UserCard portrait={portrait} theme={theme} />)

/** The card for an unknown user. */
export const renderUnknownCard = (theme: Theme): string => {
  const [heading, reason] = ['Unknown contributor', 'This user is not known to Perennial, or was erased']
  return toXml(
    <Frame theme={theme} height={104} title={heading} description={reason} heading={heading}>
      <Caption x={margin} y={74}>
        {reason}
      </Caption>
    </Frame>,
  )
}
