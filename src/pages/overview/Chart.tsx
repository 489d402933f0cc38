import type { TargetedKeyboardEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Formatters } from '../formatters.ts'

export interface Point {
  date: string
  value: number
}

/** What a drawn chart tells and how dates and numbers are written on it. */
export interface DrawOptions {
  formatters: Formatters
  /** A pointer stands over a point, or has left. */
  onMove: (index: number | undefined) => void
  /** A stretch was selected with a pointer: the first point in it and the last. */
  onSelect: (first: number, last: number) => void
}

/** A chart on the screen. */
export interface Drawing {
  show: (points: readonly Point[]) => void
  /** Marks a point, or none. */
  mark: (index: number | undefined) => void
  end: () => void
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

/** Where a key leads from a point; undefined for keys that lead nowhere. */
const moved = (key: string, index: number, last: number): number | undefined => {
  const steps: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - 30,
    PageUp: index + 30,
    Home: 0,
    End: last,
  }
  const next = steps[key]
  return next === undefined ? undefined : Math.min(Math.max(next, 0), last)
}

/**
 * A line over time. Arrow keys, Page Up and Down, Home and End go from point to point, each read out as the value of
 * a slider (WAI-ARIA 1.2, role slider); a pointer does the same by hovering, and selects a stretch by dragging.
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
    return () => drawn.end()
  }, [draw, formatters])
  useEffect(() => drawing.current?.show(points), [points])

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const next = moved(event.key, index, last)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
    drawing.current?.mark(next)
  }
  const text = point ? `${formatters.weekday(point.date)}: ${formatters.number(point.value)}` : 'No points'
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
