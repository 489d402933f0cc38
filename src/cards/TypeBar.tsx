import { typeDefinition } from '../definitions/definitions.ts'
import { FittedText, margin, width } from './Frame.tsx'
import { counted, countOf, typesOf, type Portrait } from './portrait.ts'

const room = width - 2 * margin
const gap = 3
const shortest = 4
const columns = 3
const columnWidth = 150
const rowHeight = 24

/** The height of the bar with its legend. */
export const typeBarHeight = (portrait: Portrait): number =>
  12 + rowHeight * Math.ceil(typesOf(portrait).length / columns)

/** A bar with the share of each type, and its legend. */
export const TypeBar = ({ portrait, y }: { portrait: Portrait; y: number }) => {
  const types = typesOf(portrait)
  if (types.length === 0) return <rect class="edge" x={margin} y={y} width={room} height={8} rx={2} />
  const shared = room - gap * (types.length - 1) - shortest * types.length
  const lengths = types.map((type) => shortest + (shared * countOf(portrait, type)) / portrait.total)
  const start = (index: number): number =>
    lengths.slice(0, index).reduce((sum, length) => sum + length + gap, margin)
  return types.map((type, index) => {
    const left = margin + (index % columns) * columnWidth
    const baseline = y + 36 + Math.floor(index / columns) * rowHeight
    return (
      <g key={type}>
        <rect
          class={`type-${type}`}
          x={start(index).toFixed(1)}
          y={y}
          width={lengths[index]?.toFixed(1)}
          height={8}
          rx={2}
        />
        <circle class={`type-${type}`} cx={left + 5} cy={baseline - 4.5} r={5} />
        <FittedText x={left + 16} y={baseline} room={124} largest={13} smallest={6} tone="ink">
          {counted(countOf(portrait, type), typeDefinition(type))}
        </FittedText>
      </g>
    )
  })
}
