import { fillOf, Patterns, type Look } from './patterns.tsx'
import type { Scale } from './scale.ts'

/** A series of a stacked bar chart. Series are stacked outwards from the zero line. */
export interface Series {
  name: string
  look: Look
  /** Whether the series is drawn below the zero line. */
  isBelow?: boolean
}

/** The size of one bar. */
export interface BarSize {
  /** The first day of its interval. */
  date: string
  /** Why the bar is only a part: its interval is not over, say, or begins before the log. Undefined if it is whole. */
  part: string | undefined
  /** The size of each series. */
  sizes: readonly number[]
  /** The size of the bar one period earlier, which a line marks. */
  earlier: number | undefined
}

interface PlotProps {
  /** Unique on the page. */
  id: string
  series: readonly Series[]
  bars: readonly BarSize[]
  scale: Scale
  /** Called when the pointer is over a bar. */
  onPoint: (index: number) => void
}

/** A length in percent for an SVG attribute, so that a chart scales with its container. */
export const percent = (part: number, whole: number): string =>
  `${Number(((part / whole) * 100).toFixed(3))}%`

/** The distance of a value from the top of the axis. */
const depthOf = (value: number, { top, bottom }: Scale): string => percent(top - value, top - bottom)

/** The gap on each side of a bar, as a fraction of its slot: smaller if there are many bars, and larger if there are few. */
const gapOf = (count: number): number => Math.max(count > 40 ? 0.1 : 0.16, (1 - 0.09 * count) / 2)

interface BarProps extends Pick<PlotProps, 'id' | 'series' | 'scale'> {
  bar: BarSize
  x: string
  width: string
}

/** The parts of one bar, stacked from the zero line in both directions. */
const Bar = ({ id, series, scale, bar: { sizes, part }, x, width }: BarProps) => {
  let [above, below] = [0, 0]
  return (
    <g class={part === undefined ? undefined : 'bars-partial'}>
      {sizes.map((size, index) => {
        if (size <= 0) return null
        const top = series[index]?.isBelow ? below : above + size
        if (series[index]?.isBelow) below -= size
        else above += size
        const height = percent(size, scale.top - scale.bottom)
        const box = { x, width, y: depthOf(top, scale), height }
        return <rect key={index} class="bars-part" {...box} fill={fillOf(id, index)} />
      })}
    </g>
  )
}

const Grid = ({ scale }: { scale: Scale }) => (
  <>
    {scale.ticks.map((tick) => {
      const y = depthOf(tick, scale)
      return <line key={tick} class={tick === 0 ? 'bars-zero' : 'bars-line'} x1="0" x2="100%" y1={y} y2={y} />
    })}
  </>
)

/** How far the mark of an earlier size reaches beyond its bar on each side, as a fraction of the bar's slot. */
const overhang = 0.12

/** Marks the size of each bar one period earlier. */
const Earlier = ({ bars, scale }: Pick<PlotProps, 'bars' | 'scale'>) => (
  <>
    {bars.map(({ date, earlier }, index) => {
      if (earlier === undefined) return null
      const y = depthOf(earlier, scale)
      const gap = Math.max(gapOf(bars.length) - overhang, 0)
      const place = { x1: percent(index + gap, bars.length), x2: percent(index + 1 - gap, bars.length) }
      return (
        <g key={date}>
          <line class="bars-halo" {...place} y1={y} y2={y} />
          <line class="bars-earlier" {...place} y1={y} y2={y} />
        </g>
      )
    })}
  </>
)

/** Stacked bars with grid lines. */
export const Plot = ({ id, series, bars, scale, onPoint }: PlotProps) => {
  const gap = gapOf(bars.length)
  return (
    <>
      <Patterns id={id} looks={series.map(({ look }) => look)} />
      <Grid scale={scale} />
      {bars.map((bar, index) => (
        <Bar
          key={bar.date}
          id={id}
          series={series}
          scale={scale}
          bar={bar}
          x={percent(index + gap, bars.length)}
          width={percent(1 - 2 * gap, bars.length)}
        />
      ))}
      <Earlier bars={bars} scale={scale} />
      {bars.map(({ date }, index) => (
        <rect
          key={date}
          class="bars-target"
          x={percent(index, bars.length)}
          width={percent(1, bars.length)}
          height="100%"
          onPointerEnter={() => onPoint(index)}
        />
      ))}
    </>
  )
}
