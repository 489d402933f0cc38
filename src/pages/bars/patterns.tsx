/** The appearance of a series: its colour, as a CSS value, and its pattern. */
export interface Look {
  color: string
  /** The index of its pattern; 0 is solid. */
  pattern: number
}

/** SVG paths on a tile of 8 by 8 pixels. */
const marks = [
  '',
  'M-2 2 2-2M0 8 8 0M6 10 10 6',
  'M1 2h2M5 6h2',
  'M0 2h8M0 6h8',
  'M-2 6 2 10M0 0 8 8M6-2 10 2',
  'M2 0v8M6 0v8',
  'M0 4h8M4 0v8',
  'M-1 3 2 6 6 2 9 5',
  'M2 2 6 6M6 2 2 6',
  'M2 4a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
]

const seriesLooks = 7

/** The look of a series that has no colour in the definitions, by its place among its neighbours. */
export const lookAt = (index: number): Look => {
  const pattern = index % seriesLooks
  return { color: `var(--series-${pattern})`, pattern }
}

/**
 * The look of a series that is not a type of contribution: one of at most four parts of a whole. No type has its hue or
 * its pattern.
 */
export const shadeAt = (hue: 'stage' | 'fate', index: number): Look => ({
  color: `var(--${hue}-${index})`,
  pattern: index === 0 ? 0 : seriesLooks - 1 + index,
})

/** The SVG `fill` of a series, by the ID of its chart. */
export const fillOf = (id: string, index: number): string => `url(#${id}-${index})`

/** Defines the fills of a chart's series. */
export const Patterns = ({ id, looks: all }: { id: string; looks: readonly Look[] }) => (
  <defs>
    {all.map(({ color, pattern }, index) => (
      <pattern key={index} id={`${id}-${index}`} width="8" height="8" patternUnits="userSpaceOnUse">
        <rect width="8" height="8" fill={color} />
        {marks[pattern] && <path class="bars-mark" d={marks[pattern]} />}
      </pattern>
    ))}
  </defs>
)

/** A sample of a series for a legend. */
export const Sample = ({ id, index }: { id: string; index: number }) => (
  <svg class="sample" width="16" height="16" aria-hidden="true">
    <rect width="16" height="16" rx="3" fill={fillOf(id, index)} />
  </svg>
)
