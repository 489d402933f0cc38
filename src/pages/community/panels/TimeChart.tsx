import { Bars } from '../../bars/Bars.tsx'
import type { Series } from '../../bars/Plot.tsx'
import { DateTable } from '../../parts/DateTable.tsx'
import type { CommunityState } from '../communityState.ts'
import { isCut, type Compared } from '../comparison.ts'
import { intervalName, shortIntervalName, type Words } from '../intervalNames.ts'
import type { Span } from '../range.ts'
import { Change, figureText, type Kind } from './Figures.tsx'

interface TimeChartProps<P> {
  /** Unique on the page. */
  id: string
  /** What the chart shows, for screen readers. */
  label: string
  state: CommunityState
  span: Span
  words: Words
  compared: Compared<P>
  /** Why a point may still change; undefined if it will not. */
  openOf: (point: P) => string | undefined
  /** The number that is compared with earlier points, its kind and name, and the text for a point. */
  main: (point: P) => number | undefined
  kind: Kind
  heading: string
  say: (point: P) => string
  series: readonly Series[]
  /** Whether the series are the parts of the main number, rather than that number. */
  isSplit?: boolean
  /** The size of each series at a point. */
  sizes: (point: P) => readonly number[]
  /** Additional columns of the table. */
  more?: readonly { heading: string; text: (point: P) => string }[]
  /** The top of the axis; undefined to derive it from the sizes. */
  top?: number
}

/** Shows points as bars, each compared with the previous point and with the one a period earlier, and as a table. */
export const TimeChart = <P extends { date: string }>(props: TimeChartProps<P>) => {
  const { id, label, span, words, compared, openOf, main, kind, heading, series, more = [] } = props
  const { isSplit = series.length > 1 } = props
  const { interval } = props.state
  const { texts } = words
  const { shown, earlier, previous } = compared
  /** Why a point has only a part of its interval; undefined if it has all of it. */
  const whyPartial = (point: P): string | undefined =>
    span.start && isCut(point, span.start)
      ? texts.text('log.begins', { day: words.formatters.day(span.start.first) })
      : openOf(point)
  const nameOf = ({ date }: P): string => intervalName(date, interval, words)
  const partsOf = (point: P): string[] => props.sizes(point).map((size) => figureText(kind, size, words))
  const mainText = (point: P | undefined): string => figureText(kind, point && main(point), words)
  const intervals = texts.text(`interval.${interval}`, { count: span.count })
  const hasEarlier = earlier.some((point) => point !== undefined)
  const earlierName = hasEarlier ? texts.text('community.earlier', { name: heading, intervals }) : undefined
  const than = texts.text(`interval.before.${interval}`)
  const columns = shown.map((point, index) => {
    const [one, other] = [previous[index], earlier[index]]
    return {
      date: point.date,
      name: nameOf(point),
      shortName: shortIntervalName(point.date, interval, words),
      part: whyPartial(point),
      sizes: props.sizes(point),
      texts: partsOf(point),
      text: props.say(point),
      change: <Change kind={kind} now={main(point)} before={one && main(one)} than={than} words={words} />,
      earlier: other && main(other),
      earlierText: mainText(other),
    }
  })
  // A single series would only repeat the total.
  const own = series.length > 1 ? series : []
  const headings = [heading, ...own.map(({ name }) => name), ...more.map((column) => column.heading)]
  return (
    <div class="time-chart">
      <Bars
        id={id}
        label={label}
        series={series}
        isSplit={isSplit}
        columns={columns}
        earlierName={earlierName}
        formatTick={(value) => figureText(kind, value, words)}
        isWhole={kind === 'count'}
        top={props.top}
      />
      <DateTable
        label={label}
        headings={[...headings, ...(earlierName === undefined ? [] : [earlierName])]}
        rows={shown.map((point, index) => ({
          key: point.date,
          date: nameOf(point),
          note: whyPartial(point),
          values: [
            mainText(point),
            ...partsOf(point).slice(0, own.length),
            ...more.map(({ text }) => text(point)),
            ...(hasEarlier ? [mainText(earlier[index])] : []),
          ],
        }))}
      />
    </div>
  )
}
