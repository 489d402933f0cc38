import { widthOf } from './fitText.ts'
import { FittedText, Shapes, useSheet } from './Frame.tsx'
import { countOf, typesOf, type Portrait } from './portrait.ts'
import type { Words } from './wordsOf.ts'

const gap = 3
const shortest = 4

interface TypeBarProps {
  portrait: Portrait
  x: number
  y: number
  length: number
}

/** A bar with the share of each type. */
export const TypeBar = ({ portrait, x, y, length }: TypeBarProps) => {
  const types = typesOf(portrait)
  if (types.length === 0)
    return (
      <Shapes>
        <rect class="edge" x={x} y={y} width={length} height={8} rx={2} />
      </Shapes>
    )
  const shared = length - gap * (types.length - 1) - shortest * types.length
  const lengths = types.map((type) => shortest + (shared * countOf(portrait, type)) / portrait.total)
  const start = (index: number): number => lengths.slice(0, index).reduce((sum, each) => sum + each + gap, x)
  return (
    <Shapes>
      {types.map((type, index) => (
        <rect
          key={type}
          class={`type-${type}`}
          x={start(index).toFixed(1)}
          y={y}
          width={lengths[index]?.toFixed(1)}
          height={8}
          rx={2}
        />
      ))}
    </Shapes>
  )
}

const rowHeight = 24
const legendGap = 18
const indent = 16
const [largest, readable] = [13, 11]

/** The columns of a legend, and the font size of all its lines. */
interface LegendLayout {
  columns: number
  size: number
  height: number
}

/**
 * The layout for the first of the `offered` column counts in which all counts are readable, or else for the last one. It has
 * fewer columns if that takes no more rows, so that no type stands alone in the last row.
 */
export const legendLayout = (
  portrait: Portrait,
  words: Words,
  length: number,
  offered: readonly number[],
): LegendLayout => {
  const widest = Math.max(
    1,
    ...typesOf(portrait).map((type) => widthOf(words.ofType(type, countOf(portrait, type)))),
  )
  const sizeIn = (columns: number): number =>
    Math.min(largest, ((length + legendGap) / columns - indent - legendGap) / widest)
  const columnsMax = offered.find((each) => sizeIn(each) >= readable) ?? offered.at(-1) ?? 1
  const count = typesOf(portrait).length
  const rows = Math.ceil(count / columnsMax)
  const columns = Math.max(1, Math.ceil(count / Math.max(1, rows)))
  return { columns, size: Math.floor(sizeIn(columns) * 10) / 10, height: rowHeight * rows }
}

interface LegendProps extends TypeBarProps {
  layout: LegendLayout
}

/** The count of each type, in the colours of the bar. */
export const Legend = ({ portrait, x, y, length, layout: { columns, size } }: LegendProps) => {
  const { words, at } = useSheet()
  const columnWidth = (length + legendGap) / columns
  return typesOf(portrait).map((type, index) => {
    const left = x + (index % columns) * columnWidth
    const baseline = y + 17 + Math.floor(index / columns) * rowHeight
    return (
      <g key={type}>
        <circle class={`type-${type}`} cx={at(left + 5)} cy={baseline - 4.5} r={5} />
        <FittedText
          x={left + indent}
          y={baseline}
          room={columnWidth - indent - legendGap}
          largest={size}
          smallest={Math.min(size, 6)}
          tone="ink"
        >
          {words.ofType(type, countOf(portrait, type))}
        </FittedText>
      </g>
    )
  })
}
