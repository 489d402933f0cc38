import { useEffect, useRef, useState } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { Slider } from '../parts/Slider.tsx'
import { monthsOf, type Cell } from './heatMapCells.ts'

const size = 11
const pitch = 14
const left = 34
const top = 20

interface HeatMapProps {
  label: string
  cells: readonly Cell[]
  formatters: Formatters
}

/** In days: a column is a week, a row a weekday. */
const steps = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }

const Labels = ({ cells, formatters }: { cells: readonly Cell[]; formatters: Formatters }) => (
  <g class="heat-labels">
    {monthsOf(cells).map(({ date, week }) => (
      <text key={date} x={left + week * pitch} y={12}>
        {formatters.month(date)}
      </text>
    ))}
    {['2024-01-01', '2024-01-03', '2024-01-05'].map((date, index) => (
      <text key={date} x={0} y={top + index * 2 * pitch + 9}>
        {formatters.weekdayName(date)}
      </text>
    ))}
  </g>
)

const Legend = () => (
  <span class="heat-legend" aria-hidden="true">
    Less
    <svg viewBox={`0 0 ${5 * pitch} ${size}`} width={5 * pitch} height={size}>
      {[0, 1, 2, 3, 4].map((level) => (
        <rect key={level} class={`heat-${level}`} x={level * pitch} width={size} height={size} rx={2.5} />
      ))}
    </svg>
    More
  </span>
)

/**
 * A cell for each day of a year, darker the more contributions it has. The keyboard chooses a day as on a slider, a pointer
 * by hovering.
 */
export const HeatMap = ({ label, cells, formatters }: HeatMapProps) => {
  const { text: contributions } = useTexts()
  const [chosen, setChosen] = useState<number>()
  const frame = useRef<SVGSVGElement>(null)
  const index = Math.min(chosen ?? Infinity, cells.length - 1)
  const cell = cells[index]
  const weeks = (cells.at(-1)?.week ?? 0) + 1
  useEffect(() => {
    // A narrow screen does not fit the whole year: start at the newest days.
    const scrolled = frame.current?.parentElement
    if (scrolled) scrolled.scrollLeft = scrolled.scrollWidth
  }, [cells])
  const text = cell
    ? `${formatters.weekday(cell.date)}: ${contributions('contributions', { count: cell.count })}`
    : 'No data'
  return (
    <div class="heat">
      <Slider
        class="heat-frame"
        label={label}
        index={index}
        count={cells.length}
        text={text}
        steps={steps}
        onChoose={setChosen}
      >
        <svg
          ref={frame}
          viewBox={`0 0 ${left + weeks * pitch} ${top + 7 * pitch}`}
          onPointerLeave={() => setChosen(undefined)}
        >
          <Labels cells={cells} formatters={formatters} />
          {cells.map(({ date, week, weekday, level }, at) => (
            <rect
              key={date}
              class={`heat-${level}${at === chosen ? ' heat-chosen' : ''}`}
              x={left + week * pitch}
              y={top + weekday * pitch}
              width={size}
              height={size}
              rx={2.5}
              onPointerEnter={() => setChosen(at)}
            />
          ))}
        </svg>
      </Slider>
      <p class="heat-foot soft">
        <span class="heat-readout">{chosen !== undefined && text}</span>
        <Legend />
      </p>
    </div>
  )
}
