import { createContext, type ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { definitions } from '../definitions/definitions.ts'
import type { CardStyle } from './cardOptions.ts'
import { styleSheets } from './cardStyles.ts'
import { boldFactor, fitText } from './fitText.ts'
import type { Words } from './wordsOf.ts'

/** What a card is drawn on. In a right-to-left language, `x` counts from the right. */
interface Sheet {
  width: number
  words: Words
}

const SheetContext = createContext<Sheet | undefined>(undefined)

/** The size and words of the surrounding card, and `at`, which converts an `x` to a coordinate of the image. */
export const useSheet = (): Sheet & { at: (x: number) => number } => {
  const sheet = useContext(SheetContext)
  if (sheet === undefined) throw new Error('This component is not within a Frame')
  return { ...sheet, at: (x) => (sheet.words.isRtl ? sheet.width - x : x) }
}

/** Mirrors shapes in a right-to-left language. Must not contain text, which would be mirrored too. */
export const Shapes = ({ children }: { children: ComponentChildren }) => {
  const { width, words } = useSheet()
  return <g transform={words.isRtl ? `translate(${width}) scale(-1 1)` : undefined}>{children}</g>
}

interface TextLine {
  x: number
  y: number
  room: number
  largest: number
  smallest: number
  tone: string
  bold?: boolean
  /** Whether the line ends at `x`, rather than starting there. */
  end?: boolean
  children: string
}

/** A line of text that shrinks to fit `room`, and is truncated at the smallest size. Its baseline starts at `x`, `y`. */
export const FittedText = (line: TextLine) => {
  const { at } = useSheet()
  const room = line.bold ? line.room / boldFactor : line.room
  const { text, size } = fitText(line.children, room, line.largest, line.smallest)
  return (
    <text
      class={line.tone}
      x={at(line.x)}
      y={line.y}
      font-size={size}
      font-weight={line.bold ? 600 : undefined}
      text-anchor={line.end ? 'end' : undefined}
    >
      {text}
    </text>
  )
}

/** A line of small text. */
export const Caption = (line: Pick<TextLine, 'x' | 'y' | 'room' | 'end' | 'children'>) => (
  <FittedText {...line} largest={12.5} smallest={8} tone="quiet" />
)

interface HeadingProps {
  x: number
  /** The baseline. */
  y: number
  room: number
  largest: number
  smallest: number
  children: string
}

/** The ranges that Unicode reserves for right-to-left scripts (DerivedBidiClass.txt). */
const rightToLeft = String.raw`\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}`

/** A text whose first letter is right-to-left. */
const rightToLeftText = new RegExp(String.raw`^\P{L}*(?=\p{L})[${rightToLeft}]`, 'u')

/**
 * The card's heading. It is isolated (UAX #9), so that a name's ellipsis is at its end whatever the direction of the
 * name and of the card. It is clipped, in case a glyph is larger than estimated. So a name that takes all of its room
 * begins at the side where it is read from: if it is clipped, it loses its end.
 */
export const Heading = ({ x, y, room, largest, smallest, children }: HeadingProps) => {
  const { words, at } = useSheet()
  const { text, size } = fitText(children, room / boldFactor, largest, smallest)
  const [above, below] = [1.44 * largest, 0.64 * largest]
  const isAtRight = size < largest ? rightToLeftText.test(text) : words.isRtl
  return (
    <svg x={words.isRtl ? at(x) - room : x} y={y - above} width={room} height={above + below}>
      <text
        class="ink"
        x={isAtRight ? room : undefined}
        y={above}
        font-size={size}
        font-weight={600}
        text-anchor={isAtRight === words.isRtl ? undefined : 'end'}
      >
        {`\u2068${text}\u2069`}
      </text>
    </svg>
  )
}

/** The logo (public/favicon.svg), 24 units wide at scale 1. */
export const Sprig = ({ x, y, scale }: { x: number; y: number; scale: number }) => {
  const { words, at } = useSheet()
  return (
    <g
      class="sprig"
      transform={`translate(${words.isRtl ? at(x) - 24 * scale : at(x)} ${y}) scale(${scale})`}
      fill="none"
      stroke-width={2}
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d="M12 22V10M12 13c0-5 3-8 8-8 0 5-3 8-8 8ZM12 17c0-4-2.5-6.5-7-6.5 0 4 2.5 6.5 7 6.5Z" />
    </g>
  )
}

/** The logo and the site's name. The name ends at `x` and shrinks to fit. */
export const Wordmark = ({ x, y }: { x: number; y: number }) => (
  <>
    <Sprig x={x - 83} y={y - 17} scale={0.8} />
    <FittedText x={x} y={y} room={70} largest={13} smallest={9} tone="quiet" end>
      {definitions.site.name}
    </FittedText>
  </>
)

interface FrameProps extends Pick<CardStyle, 'theme'>, Sheet {
  height: number
  title: string
  description: string
  children: ComponentChildren
}

/** The frame of every card: language, theme, border, and a title and description for screen readers. */
export const Frame = ({ theme, width, height, words, title, description, children }: FrameProps) => (
  <SheetContext value={{ width, words }}>
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby="perennial-card-title perennial-card-description"
      xml:lang={words.language}
      direction={words.isRtl ? 'rtl' : undefined}
    >
      <title id="perennial-card-title">{title}</title>
      <desc id="perennial-card-description">{description}</desc>
      <style>{styleSheets[theme]}</style>
      <rect class="frame" x={0.5} y={0.5} width={width - 1} height={height - 1} rx={14} />
      {children}
    </svg>
  </SheetContext>
)
