import { x, type Child } from 'xastscript'
import { fitText } from './fitText.ts'
import { styleSheets, type Theme } from './theme.ts'

export const width = 480
export const margin = 24

/** How a line of text is drawn: where its baseline starts, what room it has, and in what sizes and tone. */
export interface Line {
  x: number
  y: number
  room: number
  largest: number
  smallest: number
  tone: string
  bold?: boolean
}

/** Text that is made to fit. */
export const fittedText = (line: Line, content: string) => {
  const { text, size } = fitText(content, line.room, line.largest, line.smallest)
  const weight = line.bold ? 600 : undefined
  return x('text', { class: line.tone, x: line.x, y: line.y, 'font-size': size, 'font-weight': weight }, text)
}

/** A small line that is known to fit: what a number means. */
export const caption = (left: number, y: number, content: string) =>
  x('text', { class: 'quiet', x: left, y, 'font-size': 13 }, content)

const headingRoom = 336

/**
 * The name, or what stands in its place. Isolated (UAX #9), so that a name from right to left puts its ellipsis
 * at its own end; clipped, should a letter be wider or higher than any font that was thought of.
 */
const heading = (name: string) => {
  const { text, size } = fitText(name, headingRoom, 25, 17)
  return x(
    'svg',
    { x: margin, y: 10, width: headingRoom, height: 52 },
    x('text', { class: 'ink', y: 36, 'font-size': size, 'font-weight': 600 }, `\u2068${text}\u2069`),
  )
}

/** With a plant that comes back every year. */
const wordmark = [
  x('path', {
    class: 'accent',
    d: 'M393 46c-6-1-9-5-9-12 7 1 10 5 9 12zm1-2c0-6 3-9 9-11 0 6-3 10-9 11z',
  }),
  x('text', { class: 'quiet', x: width - margin, y: 46, 'font-size': 12, 'text-anchor': 'end' }, 'Perennial'),
]

/** What every card has: its theme, and the same said in words to those who cannot see it. */
export interface Frame {
  theme: Theme
  height: number
  title: string
  description: string
  heading: string
}

/** A card: the frame around what it shows. */
export const frame = (card: Frame, ...children: Child[]) =>
  x(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: card.height,
      viewBox: `0 0 ${width} ${card.height}`,
      role: 'img',
      'aria-labelledby': 'perennial-card-title perennial-card-description',
    },
    x('title', { id: 'perennial-card-title' }, card.title),
    x('desc', { id: 'perennial-card-description' }, card.description),
    x('style', styleSheets[card.theme]),
    x('rect', { class: 'frame', x: 0.5, y: 0.5, width: width - 1, height: card.height - 1, rx: 14 }),
    heading(card.heading),
    ...wordmark,
    ...children,
  )
