import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Formatters } from '../formatters.ts'
import { stepByKey, type Steps } from '../parts/stepByKey.ts'

export interface Point {
  date: string
  value: number
}

/** How a drawn chart writes dates and numbers, and what it reports. */
export interface DrawOptions {
  formatters: Formatters
  /** The pointer is over a point, or has left the chart. */
  onMove: (index: number | undefined) => void
  /** The pointer selected a range, from the first to the last of these points. */
  onSelect: (first: number, last: number) => void
}

/** A chart on the screen. */
export interface Drawing {
  show: (points: readonly Point[]) => void
  /** Marks a point; undefined removes the mark. */
  mark: (index: number | undefined) => void
  remove: () => void
}

/** Draws a chart into an element, in a browser. */
export type Draw = (place: HTMLElement, options: DrawOptions) => Drawing

interface ChartProps {
  label: string
  points: readonly Point[]
  formatters: Formatters
  draw: Draw | undefined
  onSelect: (first: string, last: string) => void
}

const steps: Steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 }

/**
 * A line over time. For the keyboard and screen readers it is a slider (WAI-ARIA 1.2) whose value is the chosen point:
 * arrow keys, Page Up, Page Down, Home and End move it. A pointer chooses a point by hovering and a range by dragging.
 */
export const Chart = ({ label, points, formatters, draw, onSelect }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing>(undefined)
  const latest = useRef({ points, onSelect })
  latest.current = { points, onSelect }
  const [chosen, setChosen] = useState<number>()
  const last = points.length - 1
  const index = Math.min(chosen ?? last, last)
  const point = points[index]

  useEffect(() => {
    if (!draw || !place.current) return undefined
    const select = (first: number, end: number): void => {
      const [from, to] = [latest.current.points[first], latest.current.points[end]]
      if (from && to) latest.current.onSelect(from.date, to.date)
    }
    const drawn = draw(place.current, { formatters, onMove: setChosen, onSelect: select })
    drawing.current = drawn
    drawn.show(latest.current.points)
    return () => drawn.remove()
  }, [draw, formatters])
  useEffect(() => drawing.current?.show(points), [points])

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const next = stepByKey(event.key, index, last, steps)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
    drawing.current?.mark(next)
  }
  const text = point ? `${formatters.weekday(point.date)}: ${formatters.number(point.value)}` : 'No data'
  return (
    <div
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(last, 0)}
      aria-valuenow={Math.max(index, 0)}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
      onBlur={() => {
        setChosen(undefined)
        drawing.current?.mark(undefined)
      }}
    >
      <p class="chart-readout">
        {point && (
          <>
            <strong>{formatters.number(point.value)}</strong> <span>{formatters.weekday(point.date)}</span>
          </>
        )}
      </p>
      <div class="chart-place" ref={place} />
    </div>
  )
}
