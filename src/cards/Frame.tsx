import type { ComponentChildren } from 'preact'
import { definitions } from '../definitions/definitions.ts'
import { fitText } from './fitText.ts'
import { styleSheets } from './cardStyles.ts'
import type { Theme } from './themes.ts'

export const width = 480
export const margin = 24

/** A line of text that shrinks to fit `room`, and is truncated at the smallest size. Its baseline starts at `x`, `y`. */
export const FittedText = (line: {
  x: number
  y: number
  room: number
  largest: number
  smallest: number
  tone: string
  bold?: boolean
  children: string
}) => {
  const { text, size } = fitText(line.children, line.room, line.largest, line.smallest)
  return (
    <text class={line.tone} x={line.x} y={line.y} font-size={size} font-weight={line.bold ? 600 : 400}>
      {text}
    </text>
  )
}

/** A small line that needs no fitting. */
export const Caption = ({
  x,
  y,
  end,
  children,
}: {
  x: number
  y: number
  end?: boolean
  children: string
}) => (
  <text class="quiet" x={x} y={y} font-size={13} text-anchor={end ? 'end' : 'start'}>
    {children}
  </text>
)

const headingRoom = 336

/**
 * The card's heading. It is isolated (UAX #9), so that a right-to-left name has its ellipsis at its own end, and clipped,
 * in case a glyph is wider or taller than estimated.
 */
const Heading = ({ children }: { children: string }) => {
  const { text, size } = fitText(children, headingRoom, 25, 17)
  return (
    <svg x={margin} y={10} width={headingRoom} height={52}>
      <text class="ink" y={36} font-size={size} font-weight={600}>
        {`\u2068${text}\u2069`}
      </text>
    </svg>
  )
}

/** The site's name at the end of the first line: it shrinks to fit, and is cut at the smallest size. */
const siteName = fitText(definitions.site.name, 70, 13, 9)

/** The logo (public/favicon.svg) and the site's name. */
const Wordmark = () => (
  <>
    <g
      class="sprig"
      transform="translate(373 29) scale(.8)"
      fill="none"
      stroke-width={2}
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d="M12 22V10M12 13c0-5 3-8 8-8 0 5-3 8-8 8ZM12 17c0-4-2.5-6.5-7-6.5 0 4 2.5 6.5 7 6.5Z" />
    </g>
    <text class="quiet" x={width - margin} y={46} font-size={siteName.size} text-anchor="end">
      {siteName.text}
    </text>
  </>
)

/** The frame of every card: theme, heading, the site's name, and a title and description for screen readers. */
export const Frame = (card: {
  theme: Theme
  height: number
  title: string
  description: string
  heading: string
  children: ComponentChildren
}) => (
  <svg
    xmlns="http://www.w3.org/2000/svg"
    width={width}
    height={card.height}
    viewBox={`0 0 ${width} ${card.height}`}
    role="img"
    aria-labelledby="perennial-card-title perennial-card-description"
  >
    <title id="perennial-card-title">{card.title}</title>
    <desc id="perennial-card-description">{card.description}</desc>
    <style>{styleSheets[card.theme]}</style>
    <rect class="frame" x={0.5} y={0.5} width={width - 1} height={card.height - 1} rx={14} />
    <Heading>{card.heading}</Heading>
    <Wordmark />
    {card.children}
  </svg>
)
