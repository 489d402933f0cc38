import uPlot from 'uplot'
import { dateTicks, nameTicks } from './dateTicks.ts'
import type { Draw, DrawOptions, Drawing, Point } from '../../dashboard/Chart.tsx'

const heightOf = (width: number): number => Math.round(Math.min(Math.max(width * 0.34, 200), 340))

/** The current value of a stylesheet colour, because a canvas supports neither custom properties nor themes. */
const colourOf = (place: HTMLElement, name: string): string => {
  const probe = document.createElement('span')
  probe.className = `colour-${name}`
  place.appendChild(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** The seconds of a date, with or without a time of day, on an axis without a time zone. */
const secondsOf = (date: string): number => Date.parse(date.length > 10 ? `${date}Z` : date) / 1000

const isWhole = ({ part }: Point): boolean => part === undefined

/** The line of whole values, and the dashed ones through the partial values before and after it. */
const toData = (points: readonly Point[]): uPlot.AlignedData => {
  const [first, last] = [points.findIndex(isWhole), points.findLastIndex(isWhole)]
  return [
    points.map(({ date }) => secondsOf(date)),
    points.map((point) => (isWhole(point) ? point.value : null)),
    points.map(({ value }, index) => (first === -1 || index <= first || index >= last ? value : null)),
  ]
}

/** The steps between the lines of a scale that counts: 1, 2, 5, 10, 20, 25, 50, and so on. */
const countSteps = Array.from({ length: 12 }, (_, power) => 10 ** power).flatMap((ten) =>
  (ten === 1 ? [1, 2, 5] : [1, 2, 2.5, 5]).map((step) => step * ten),
)

const font = '12px system-ui, sans-serif'

const axesOf = (place: HTMLElement, { formatters }: DrawOptions): uPlot.Axis[] => {
  const ink = colourOf(place, 'ink-soft')
  const grid = { stroke: colourOf(place, 'line'), width: 1 }
  return [
    {
      stroke: ink,
      font,
      grid: { show: false },
      ticks: { ...grid, size: 5 },
      size: 32,
      splits: ({ width }, _, from, to) => dateTicks(from, to, Math.max(2, Math.floor(width / 96))),
      values: (_, splits) => nameTicks(formatters.language, splits),
    },
    {
      stroke: ink,
      font,
      grid,
      ticks: { show: false },
      size: 52,
      space: 44,
      incrs: countSteps,
      values: (_, splits) => splits.map((split) => formatters.number(split)),
    },
  ]
}

const plotOptions = (place: HTMLElement, options: DrawOptions): uPlot.Options => ({
  width: place.clientWidth,
  height: heightOf(place.clientWidth),
  tzDate: (second) => uPlot.tzDate(new Date(second * 1000), 'UTC'),
  legend: { show: false },
  cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 9 } },
  scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.08, 1)] } },
  series: [
    {},
    {
      stroke: colourOf(place, 'accent'),
      fill: colourOf(place, 'accent-soft'),
      width: 2,
      points: { show: false },
    },
    { stroke: colourOf(place, 'accent'), width: 2, dash: [4, 4], points: { show: false } },
  ],
  axes: axesOf(place, options),
  hooks: {
    setCursor: [({ cursor }) => options.onMove(cursor.idx ?? undefined)],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select
        if (width < 8) return
        options.onSelect(plot.posToIdx(left), plot.posToIdx(left + width))
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
      },
    ],
  },
})

/** Draws with uPlot. Adapts to changes of the width of `place` and of the colour scheme. */
export const draw: Draw = (place, options): Drawing => {
  let points: readonly Point[] = []
  let plot = new uPlot(plotOptions(place, options), toData(points), place)
  const redraw = (): void => {
    plot.destroy()
    plot = new uPlot(plotOptions(place, options), toData(points), place)
  }
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', redraw)
  const sizes = new ResizeObserver(() => {
    const width = place.clientWidth
    if (width !== plot.width) plot.setSize({ width, height: heightOf(width) })
  })
  sizes.observe(place)
  return {
    show(next) {
      points = next
      plot.setData(toData(points))
    },
    mark(index) {
      const point = index === undefined ? undefined : points[index]
      if (!point) return plot.setCursor({ left: -10, top: -10 }, false)
      const left = plot.valToPos(secondsOf(point.date), 'x')
      plot.setCursor({ left, top: plot.valToPos(point.value, 'y') }, false)
    },
    remove() {
      scheme.removeEventListener('change', redraw)
      sizes.disconnect()
      plot.destroy()
    },
  }
}
