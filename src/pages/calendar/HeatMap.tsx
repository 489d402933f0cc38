import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Formatters } from '../formatters.ts'
import { stepByKey, type Steps } from '../parts/stepByKey.ts'
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
const steps: Steps = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }

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
 * A cell for each day of a year, darker the more contributions it has. For the keyboard and screen readers it is a slider
 * (WAI-ARIA 1.2) whose value is the chosen day: arrow keys, Home and End move it. A pointer chooses a day by hovering.
 */
export const HeatMap = ({ label, cells, formatters }: HeatMapProps) => {
  const [chosen, setChosen] = useState<number>()
  const frame = useRef<HTMLDivElement>(null)
  const last = cells.length - 1
  const index = Math.min(chosen ?? last, last)
  const cell = cells[index]
  const weeks = (cells.at(-1)?.week ?? 0) + 1
  const width = left + weeks * pitch
  useEffect(() => {
    // A narrow screen does not fit the whole year: start at the newest days.
    if (frame.current) frame.current.scrollLeft = frame.current.scrollWidth
  }, [cells])
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const next = stepByKey(event.key, index, last, steps)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
  }
  const text = cell
    ? `${formatters.weekday(cell.date)}: ${formatters.counted(cell.count, 'contribution')}`
    : 'No data'
  return (
    <div class="heat">
      <div
        class="heat-frame"
        ref={frame}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={Math.max(index, 0)}
        aria-valuetext={text}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(undefined)}
        onPointerLeave={() => setChosen(undefined)}
      >
        <svg viewBox={`0 0 ${width} ${top + 7 * pitch}`}>
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
      </div>
      <p class="heat-foot soft">
        <span class="heat-readout">{chosen !== undefined && text}</span>
        <Legend />
      </p>
    </div>
  )
}
