import { cardWidths } from './cardOptions.ts'
import { formatDay, levelOf, weekdayOf, type DayNumber } from '../contributions/calendar.ts'
import { Caption, FittedText, Frame, Heading, Shapes, useSheet, Wordmark } from './Frame.tsx'
import { captionOf, daysOfWeeks, descriptionOf, type CardProps, type Portrait } from './portrait.ts'
import { Legend, legendLayout, TypeBar } from './TypeBar.tsx'

const width = cardWidths.wide
const margin = 24
const room = width - 2 * margin
const calendarTop = 108
const size = 9
const pitch = 11
const side = (size / pitch).toFixed(2)

/** The maximum number of columns: 52 weeks that do not begin on a Monday touch 53 calendar weeks. */
const columnsMax = 53
const calendarLeft = width - margin - columnsMax * pitch + (pitch - size)

interface Place {
  day: DayNumber
  column: number
}

/** The column of each day; `today` is in the last one. */
const placesOf = (today: DayNumber): Place[] => {
  const { from, to } = daysOfWeeks(today)
  return Array.from({ length: to - from }, (_, index) => {
    const day = from + index
    return { day, column: columnsMax - 1 - (today - weekdayOf(today) - (day - weekdayOf(day))) / 7 }
  })
}

/** The name of each month above its first day, unless there is no room for it. */
const Months = ({ places }: { places: readonly Place[] }) => {
  const { words } = useSheet()
  const firsts = places.filter(({ day }) => formatDay(day).endsWith('-01'))
  return firsts
    .filter(({ column }) => column <= columnsMax - 3)
    .map(({ day, column }) => (
      <Caption key={day} x={calendarLeft + column * pitch} y={calendarTop - 8} room={44}>
        {words.month(formatDay(day))}
      </Caption>
    ))
}

/**
 * Draws a square as a stroke that is as wide as it is long, in units of columns and weekdays, so that a year takes only
 * 3 KB.
 */
const squareAt = ({ day, column }: Place): string => `M${column} ${weekdayOf(day)}h${side}`

/** A square for each day of a year, darker for more contributions. Squares of the same level share one path. */
const Calendar = ({ portrait: { days, today } }: { portrait: Portrait }) => {
  const places = placesOf(today)
  const counts = new Map<DayNumber, number>()
  // Contributions dated slightly in the future count for today, as on a standard card.
  for (const { day, count } of days) {
    const shown = Math.min(day, today)
    counts.set(shown, (counts.get(shown) ?? 0) + count)
  }
  const most = Math.max(0, ...counts.values())
  const byLevel = Map.groupBy(places, ({ day }) => levelOf(counts.get(day) ?? 0, most))
  return (
    <>
      <Shapes>
        <g
          transform={`translate(${calendarLeft} ${calendarTop + size / 2}) scale(${pitch})`}
          stroke-width={side}
        >
          {[...byLevel].map(([level, found]) => (
            <path key={level} class={`level-${level}`} d={found.map(squareAt).join('')} />
          ))}
        </g>
      </Shapes>
      <Months places={places} />
    </>
  )
}

const Recent = ({ x, count, days }: { x: number; count: number; days: number }) => {
  const { words } = useSheet()
  return (
    <>
      <FittedText x={x} y={168} room={90} largest={18} smallest={8} tone="ink" bold>
        {words.number(count)}
      </FittedText>
      <Caption x={x} y={185} room={90}>
        {words.byCount('inDays', days)}
      </Caption>
    </>
  )
}

const barTop = 206

/** The wide card: numbers, a calendar of a year, and the share of each type. As wide as a README. */
export const WideCard = ({ portrait, theme, words }: CardProps) => {
  const legend = legendLayout(portrait, words, room, [6, 3])
  return (
    <Frame
      theme={theme}
      width={width}
      height={barTop + 12 + legend.height + 20}
      words={words}
      title={words.phrase('titleOf', { name: `\u2068${portrait.name}\u2069` })}
      description={descriptionOf(portrait, words)}
    >
      <Heading x={margin} y={46} room={650} largest={25} smallest={17}>
        {portrait.name}
      </Heading>
      <Wordmark x={width - margin} y={46} />
      <Caption x={margin} y={70} room={room}>
        {captionOf(portrait, words)}
      </Caption>
      <FittedText x={margin} y={123} room={182} largest={36} smallest={8} tone="accent" bold>
        {words.number(portrait.total)}
      </FittedText>
      <Caption x={margin} y={141} room={182}>
        {words.byCount('contributions', portrait.total)}
      </Caption>
      <Recent x={margin} count={portrait.last30Days} days={30} />
      <Recent x={margin + 98} count={portrait.last90Days} days={90} />
      <Calendar portrait={portrait} />
      <TypeBar portrait={portrait} x={margin} y={barTop} length={room} />
      <Legend portrait={portrait} x={margin} y={barTop + 19} length={room} layout={legend} />
    </Frame>
  )
}
