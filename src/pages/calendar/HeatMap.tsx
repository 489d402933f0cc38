import { useEffect, useRef, useState } from 'preact/hooks'
import type { Formatters } from '../formatters.ts'
import { Slider } from '../parts/Slider.tsx'
import { useTexts } from '../texts/texts.ts'
import { monthsOf, type Cell } from './heatMapCells.ts'

const size = 13
const pitch = 16
const top = 20
const height = top + 7 * pitch

/** A year has up to 54 weeks. Always this many columns, so that every year is drawn at the same size. */
const columns = 54

/** The width of the weekdays' names. */
const labelWidth = 34

interface HeatMapProps {
  label: string
  cells: readonly Cell[]
  /** The day whose contributions are listed. */
  listed: string | undefined
  onOpen: (date: string) => void
  formatters: Formatters
}

/** In days: a column is a week, and a row is a weekday. */
const steps = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }

/** The days of some week, from Monday. */
const aWeek = Array.from({ length: 7 }, (_, index) => `2024-01-0${index + 1}`)

/** The names of the weekdays, which stay in place when the weeks are scrolled. */
const Weekdays = ({ formatters }: { formatters: Formatters }) => (
  <svg class="heat-labels heat-weekdays" viewBox={`0 0 ${labelWidth} ${height}`} aria-hidden="true">
    {aWeek.map((date, index) => (
      <text key={date} y={top + index * pitch + 10.5}>
        {formatters.weekdayName(date)}
      </text>
    ))}
  </svg>
)

const Legend = () => {
  const { text } = useTexts()
  return (
    <span class="heat-legend" aria-hidden="true">
      {text('calendar.less')}
      <svg width={5 * pitch} height={size}>
        {[0, 1, 2, 3, 4].map((level) => (
          <rect key={level} class={`heat-${level}`} x={level * pitch} width={size} height={size} rx={2.5} />
        ))}
      </svg>
      {text('calendar.more')}
    </span>
  )
}

const classOf = ({ date, level }: Cell, isChosen: boolean, listed: string | undefined): string =>
  [`heat-${level}`, ...(isChosen ? ['heat-chosen'] : []), ...(date === listed ? ['heat-listed'] : [])].join(
    ' ',
  )

/**
 * A cell for each day of a year, darker for more contributions. The keyboard chooses a day as on a slider and opens it
 * with Enter; a pointer chooses a day by hovering and opens it with a click.
 */
export const HeatMap = ({ label, cells, listed, onOpen, formatters }: HeatMapProps) => {
  const { text } = useTexts()
  const [chosen, setChosen] = useState<number>()
  const frame = useRef<SVGSVGElement>(null)
  const listedAt = cells.findIndex(({ date }) => date === listed)
  const index = Math.min(chosen ?? (listedAt < 0 ? Infinity : listedAt), cells.length - 1)
  const cell = cells[index]
  const range = `${cells[0]?.date} ${cells.at(-1)?.date}`
  useEffect(() => {
    // A narrow screen does not fit the whole year, so it starts at the newest days.
    const scrolled = frame.current?.parentElement
    if (scrolled) scrolled.scrollLeft = scrolled.scrollWidth
  }, [range])
  const chooseByKeyboard = (next: number | undefined): void => {
    setChosen(next)
    if (next === undefined) return
    frame.current?.querySelectorAll('rect')[next]?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  const readout = cell
    ? `${formatters.weekday(cell.date)}: ${text('contributions', { count: cell.count })}`
    : text('calendar.none')
  return (
    <div class="heat">
      <div class="heat-body">
        <Weekdays formatters={formatters} />
        <Slider
          class="heat-frame"
          label={label}
          index={index}
          count={cells.length}
          text={readout}
          steps={steps}
          onChoose={chooseByKeyboard}
          onOpen={() => cell && onOpen(cell.date)}
        >
          <svg
            ref={frame}
            viewBox={`0 0 ${columns * pitch} ${height}`}
            onPointerLeave={() => setChosen(undefined)}
          >
            <g class="heat-labels">
              {monthsOf(cells).map(({ date, week }) => (
                <text key={date} x={week * pitch} y={12}>
                  {formatters.month(date)}
                </text>
              ))}
            </g>
            {cells.map((each, at) => (
              <rect
                key={each.date}
                class={classOf(each, at === chosen, listed)}
                x={each.week * pitch + 1}
                y={top + each.weekday * pitch}
                width={size}
                height={size}
                rx={2.5}
                onPointerEnter={() => setChosen(at)}
                onClick={() => onOpen(each.date)}
              />
            ))}
          </svg>
        </Slider>
      </div>
      <p class="heat-foot soft">
        <span class="heat-readout needs-script">
          {chosen === undefined ? (
            <>
              <span class="heat-hint">{text('calendar.scroll')}</span> <span>{text('calendar.open')}</span>
            </>
          ) : (
            readout
          )}
        </span>
        <Legend />
      </p>
      <noscript>
        <p class="soft">{text('calendar.script')}</p>
      </noscript>
    </div>
  )
}
