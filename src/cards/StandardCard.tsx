import { cardWidths } from './cardOptions.ts'
import { Caption, FittedText, Frame, Heading, Shapes, useSheet, Wordmark } from './Frame.tsx'
import { captionOf, countWeeks, descriptionOf, weeksShown, type CardProps } from './portrait.ts'
import { Legend, legendLayout, TypeBar } from './TypeBar.tsx'

const width = cardWidths.standard
const margin = 24
const room = width - 2 * margin
const numbersBaseline = 126
const captionsBaseline = 147

const Total = ({ count }: { count: number }) => {
  const { words } = useSheet()
  return (
    <>
      <FittedText x={margin} y={numbersBaseline} room={106} largest={40} smallest={8} tone="accent" bold>
        {words.number(count)}
      </FittedText>
      <Caption x={margin} y={captionsBaseline} room={110}>
        {words.byCount('contributions', count)}
      </Caption>
    </>
  )
}

const Recent = ({ x, count, days }: { x: number; count: number; days: number }) => {
  const { words } = useSheet()
  return (
    <>
      <FittedText x={x} y={numbersBaseline} room={68} largest={24} smallest={8} tone="ink" bold>
        {words.number(count)}
      </FittedText>
      <Caption x={x} y={captionsBaseline} room={70}>
        {words.byCount('inDays', days)}
      </Caption>
    </>
  )
}

const weeksHeight = 44

/**
 * The minimum of the scale, so that a single contribution does not look like a peak. Otherwise, the scale ends at the
 * busiest week's count.
 */
const fullScaleMin = 4

/** A bar for each week, drawn as one path. An empty week is a thin line, so that the whole year is visible. */
const Weeks = ({ weeks }: { weeks: readonly number[] }) => {
  const { words } = useSheet()
  const left = width - margin - 3 * weeks.length + 1
  const total = weeks.reduce((sum, count) => sum + count, 0)
  const fullScale = Math.max(fullScaleMin, ...weeks)
  const bars = weeks.map((count, index) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((weeksHeight * count) / fullScale))
    return `M${left + 3 * index} ${numbersBaseline}v-${height}h2v${height}z`
  })
  return (
    <>
      <Shapes>
        <path class="accent" d={bars.join('')} />
      </Shapes>
      <Caption x={width - margin} y={captionsBaseline} room={156} end>
        {words.inWeeks(total, weeksShown)}
      </Caption>
    </>
  )
}

const barTop = 168

/** The standard card: numbers, a bar for each week of a year, and the share of each type. */
export const StandardCard = ({ portrait, theme, words }: CardProps) => {
  const legend = legendLayout(portrait, words, room, [3, 2, 1])
  return (
    <Frame
      theme={theme}
      width={width}
      height={barTop + 12 + legend.height + 20}
      words={words}
      title={words.phrase('titleOf', { name: `\u2068${portrait.name}\u2069` })}
      description={descriptionOf(portrait, words)}
    >
      <Heading x={margin} y={46} room={336} largest={25} smallest={17}>
        {portrait.name}
      </Heading>
      <Wordmark x={width - margin} y={46} />
      <Caption x={margin} y={70} room={room}>
        {captionOf(portrait, words)}
      </Caption>
      <Total count={portrait.total} />
      <Recent x={144} count={portrait.last30Days} days={30} />
      <Recent x={220} count={portrait.last90Days} days={90} />
      <Weeks weeks={countWeeks(portrait)} />
      <TypeBar portrait={portrait} x={margin} y={barTop} length={room} />
      <Legend portrait={portrait} x={margin} y={barTop + 19} length={room} layout={legend} />
    </Frame>
  )
}
