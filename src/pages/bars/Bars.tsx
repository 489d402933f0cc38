import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { Slider } from '../parts/Slider.tsx'
import { useTexts } from '../texts/texts.ts'
import { fillOf, Sample } from './patterns.tsx'
import { percent, Plot, type BarSize, type Series } from './Plot.tsx'
import { axisWidths, labelsOn } from './axisLabels.ts'
import { scaleOf, type Scale } from './scale.ts'

/** One bar, and its texts. */
export interface Column extends BarSize {
  name: string
  /** The name on the axis. */
  shortName: string
  /** The text of each series. */
  texts: readonly string[]
  /** The text of the whole bar. */
  text: string
  /** The change from the previous bar. */
  change: ComponentChildren
  /** The text of the line that marks the earlier size. */
  earlierText: string
}

interface BarsProps {
  /** Unique on the page. */
  id: string
  label: string
  series: readonly Series[]
  /** Whether the series are the parts of something. Otherwise, a single series needs no legend. */
  isSplit: boolean
  /** At least one. */
  columns: readonly Column[]
  /** The name of what the lines at earlier sizes mark; undefined if there are none. */
  earlierName: string | undefined
  formatTick: (value: number) => string
  /** The top of the axis; undefined to derive it from the sizes. */
  top: number | undefined
  /** Whether sizes are whole numbers. */
  isWhole: boolean
}

/** The labels on the axis: as many as fit its width. */
const Dates = ({ columns }: { columns: readonly Column[] }) => {
  const shown = axisWidths.map((width) => labelsOn(width, columns))
  return (
    <div class="bars-axis">
      <svg class="bars-dates" aria-hidden="true">
        {columns.map(({ date, shortName }, index) => {
          const hidden = axisWidths.filter((_, at) => !shown[at]?.has(index))
          if (hidden.length === axisWidths.length) return null
          return (
            <text
              key={date}
              class={hidden.map((width) => `not-on-${width}`).join(' ')}
              x={percent(index + 0.5, columns.length)}
              y="14"
            >
              {shortName}
            </text>
          )
        })}
      </svg>
    </div>
  )
}

type ReadoutProps = Pick<BarsProps, 'id' | 'series' | 'isSplit' | 'earlierName'> & {
  column: Column
  hasPartial: boolean
}

/** The texts of the chosen bar. They also serve as the legend of the chart. */
const Readout = ({ id, series, isSplit, column, earlierName, hasPartial }: ReadoutProps) => {
  const { text } = useTexts()
  return (
    <div class="bars-readout">
      <p>
        <strong>{column.text}</strong> <span>{column.name}</span>{' '}
        {column.part === undefined ? column.change : <span class="bars-tag">{column.part}</span>}
      </p>
      <ul class="legend">
        {isSplit &&
          series.map(({ name }, index) => (
            <li key={name}>
              <Sample id={id} index={index} />
              {name} <strong>{column.texts[index]}</strong>
            </li>
          ))}
        {earlierName !== undefined && (
          <li>
            <svg class="sample" width="16" height="16" aria-hidden="true">
              <line class="bars-earlier" x1="0" x2="16" y1="8" y2="8" />
            </svg>
            {earlierName} <strong>{column.earlierText}</strong>
          </li>
        )}
        {hasPartial && (
          <li>
            <svg class="sample bars-partial" width="16" height="16" aria-hidden="true">
              <rect class="bars-part" x="1" y="1" width="14" height="14" rx="2" fill={fillOf(id, 0)} />
            </svg>
            {text('bars.partial')}
          </li>
        )}
      </ul>
    </div>
  )
}

/** The axis that fits every bar and every mark of an earlier size. */
const scaleFor = ({ series, columns, top, isWhole }: BarsProps): Scale => {
  let [most, depth] = [top ?? 0, 0]
  for (const { sizes, earlier = 0 } of columns) {
    let [above, below] = [0, 0]
    for (const [index, size] of sizes.entries()) {
      if (series[index]?.isBelow) below += size
      else above += size
    }
    most = Math.max(most, above, earlier)
    depth = Math.max(depth, below)
  }
  return scaleOf(most, -depth, isWhole)
}

/** The index of the last bar that is whole, or else of the last bar. */
const lastWhole = (columns: readonly Column[]): number => {
  const whole = columns.findLastIndex(({ part }) => part === undefined)
  return whole === -1 ? columns.length - 1 : whole
}

const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -6, PageUp: 6 }

/**
 * Stacked bars over time, as SVG that the Worker can render too. The keyboard chooses a bar as on a slider; a pointer
 * chooses it by hovering or tapping. Series differ in pattern as well as colour.
 */
export const Bars = (props: BarsProps) => {
  const { id, label, series, isSplit, columns, earlierName, formatTick } = props
  const [chosen, setChosen] = useState<number>()
  const scale = useMemo(() => scaleFor(props), [columns])
  // Memoized, so that it is not rendered again when only the chosen bar changes.
  const plot = useMemo(
    () => <Plot id={id} series={series} bars={columns} scale={scale} onPoint={setChosen} />,
    [columns],
  )
  const index = Math.min(chosen ?? lastWhole(columns), columns.length - 1)
  const column = columns[index]
  if (!column) return null
  const parts = isSplit ? series.map(({ name }, at) => `${name} ${column.texts[at]}`) : []
  const earlier = earlierName && `${earlierName} ${column.earlierText}`
  const spoken = [column.name, column.part, column.text, ...parts, earlier]
  return (
    <div class="bars">
      <Readout
        id={id}
        series={series}
        isSplit={isSplit}
        column={column}
        earlierName={earlierName}
        hasPartial={columns.some(({ part }) => part !== undefined)}
      />
      <Slider
        class="bars-frame"
        label={label}
        index={index}
        count={columns.length}
        text={spoken.filter((part) => part !== undefined).join(', ')}
        steps={steps}
        onChoose={setChosen}
      >
        <div class="bars-scale" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <span key={tick}>{formatTick(Math.abs(tick))}</span>
          ))}
        </div>
        <svg
          class="bars-plot"
          aria-hidden="true"
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setChosen(undefined)}
        >
          {chosen !== undefined && (
            <rect
              class="bars-chosen"
              x={percent(index, columns.length)}
              width={percent(1, columns.length)}
              height="100%"
            />
          )}
          {plot}
        </svg>
        <Dates columns={columns} />
      </Slider>
    </div>
  )
}
