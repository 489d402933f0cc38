import { useEffect, useRef, useState } from 'preact/hooks'
import type { Formatters } from '../formatters.ts'
import { Slider } from '../parts/Slider.tsx'

export interface Point {
  /** The place of the point: a date, or a date with a time of day, such as "2026-03-01T14:05". */
  date: string
  value: number
  /** The description of the date that readers see. */
  name: string
  /** Why the value is only a part: its interval is not over, or begins before the log. Its line is dashed. */
  part?: string | undefined
}

/** The formatters of a drawn chart, and its callbacks. */
export interface DrawOptions {
  formatters: Formatters
  /** Called when the pointer is over a point, or (undefined) has left the chart. */
  onMove: (index: number | undefined) => void
  /** Called when the pointer has selected a range of points, inclusive. */
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
  /** The text shown while there are no points. */
  emptyText: string
  points: readonly Point[]
  formatters: Formatters
  draw: Draw | undefined
  onSelect: (first: string, last: string) => void
}

/** The last point that is whole, or else the last one. */
const newest = (points: readonly Point[]): number => {
  const whole = points.findLastIndex(({ part }) => part === undefined)
  return whole === -1 ? points.length - 1 : whole
}

const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 }

/**
 * A line over time. The keyboard chooses a point as on a slider; a pointer chooses a point by hovering and a range by
 * dragging.
 */
export const Chart = ({ label, emptyText, points, formatters, draw, onSelect }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing>(undefined)
  const latest = useRef({ points, onSelect })
  latest.current = { points, onSelect }
  const [chosen, setChosen] = useState<number>()
  const index = Math.min(chosen ?? newest(points), points.length - 1)
  const point = points[index]

  useEffect(() => {
    if (!draw || !place.current) return undefined
    const select = (first: number, end: number): void => {
      const [from, to] = [latest.current.points[first], latest.current.points[end]]
      if (from && to) latest.current.onSelect(from.date.slice(0, 10), to.date.slice(0, 10))
    }
    const drawn = draw(place.current, { formatters, onMove: setChosen, onSelect: select })
    drawing.current = drawn
    drawn.show(latest.current.points)
    return () => drawn.remove()
  }, [draw, formatters])
  useEffect(() => drawing.current?.show(points), [points])

  const choose = (next: number | undefined): void => {
    setChosen(next)
    drawing.current?.mark(next)
  }
  const name = point && (point.part === undefined ? point.name : `${point.name}, ${point.part}`)
  const text = point ? `${name}: ${formatters.number(point.value)}` : emptyText
  return (
    <Slider
      class="chart"
      label={label}
      index={index}
      count={points.length}
      text={text}
      steps={steps}
      onChoose={choose}
    >
      <p class="chart-readout">
        {point && (
          <>
            <strong>{formatters.number(point.value)}</strong> <span>{name}</span>
          </>
        )}
      </p>
      <div class="chart-place" ref={place} />
    </Slider>
  )
}
