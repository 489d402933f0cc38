const width = 120
const height = 32
const margin = 2

/** A line without axes: the shape of a year at a glance. It says nothing that the chart beneath does not. */
export const Sparkline = ({ values }: { values: readonly number[] }) => {
  const top = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, index) => {
    const y = height - margin - (value / top) * (height - 2 * margin)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && <polyline points={points.join(' ')} />}
    </svg>
  )
}
