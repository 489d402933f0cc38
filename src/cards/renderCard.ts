import { toXml } from 'xast-util-to-xml'
import { x } from 'xastscript'
import { typeNames } from '../contributions/typeNames.ts'
import { formatCount } from './formatCount.ts'
import { caption, fittedText, frame, margin, width } from './frame.ts'
import { counted, describe, sinceOf, typesOf, type Portrait } from './portrait.ts'
import type { Theme } from './theme.ts'

const figure = (left: number, count: number, label: string, main = false) => [
  fittedText(
    {
      x: left,
      y: 126,
      room: main ? 116 : 62,
      largest: main ? 40 : 24,
      smallest: 8,
      tone: main ? 'accent' : 'ink',
      bold: true,
    },
    formatCount(count),
  ),
  caption(left, 147, label),
]

const weeksHeight = 44

/** A bar is full at this many, or at the busiest week's: a single contribution makes no peak. */
const weeksFull = 4

/** A bar a week, all on one path; a week without any is a line, so that the year can be seen. */
const weekBars = (weeks: readonly number[], left: number, baseline: number) => {
  const most = Math.max(weeksFull, ...weeks)
  const bars = weeks.map((count, index) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((weeksHeight * count) / most))
    return `M${left + 3 * index} ${baseline}v-${height}h2v${height}z`
  })
  return x('path', { class: 'accent', d: bars.join('') })
}

const room = width - 2 * margin
const gap = 3
const shortest = 4

/** The share of each type on one bar, and below it what the colours stand for. */
const typeBar = (portrait: Portrait) => {
  const bar = { y: 168, height: 8, rx: 2 }
  const types = typesOf(portrait)
  if (types.length === 0) return [x('rect', { class: 'track', x: margin, width: room, ...bar })]
  const shared = room - gap * (types.length - 1) - shortest * types.length
  let left = margin
  return types.flatMap((type, index) => {
    const count = portrait.types[type]
    const length = shortest + (shared * count) / portrait.total
    const start = left
    left += length + gap
    const column = margin + (index % 3) * 150
    const row = 204 + Math.floor(index / 3) * 24
    return [
      x('rect', { class: type, x: start.toFixed(1), width: length.toFixed(1), ...bar }),
      x('circle', { class: type, cx: column + 5, cy: row - 4.5, r: 5 }),
      fittedText(
        { x: column + 16, y: row, room: 124, largest: 13, smallest: 6, tone: 'ink' },
        counted(count, typeNames[type]),
      ),
    ]
  })
}

// The writer leaves a sequence that XML forbids in text (XML 1.0 section 2.4); no CDATA of ours ends with it.
const write = (card: ReturnType<typeof frame>): string =>
  toXml(card, { closeEmptyElements: true, tightClose: true }).replaceAll(']]>', ']]&gt;')

/** A user's card: an SVG without script, links or fonts of its own, below 10 KB whatever the name. */
export const renderUserCard = (portrait: Portrait, theme: Theme): string => {
  const end = width - margin
  const since = sinceOf(portrait)
  const rows = Math.ceil(typesOf(portrait).length / 3)
  return write(
    frame(
      {
        theme,
        height: rows === 0 ? 200 : 200 + 24 * rows,
        title: `Contributions of \u2068${portrait.name}\u2069`,
        description: describe(portrait),
        heading: portrait.name,
      },
      caption(margin, 70, portrait.asOf === null ? since : `${since} · as of ${portrait.asOf}`),
      ...figure(margin, portrait.total, portrait.total === 1 ? 'contribution' : 'contributions', true),
      ...figure(152, portrait.last30Days, 'in 30 days'),
      ...figure(226, portrait.last90Days, 'in 90 days'),
      weekBars(portrait.weeks, end - 3 * portrait.weeks.length + 1, 126),
      x('text', { class: 'quiet', x: end, y: 147, 'font-size': 13, 'text-anchor': 'end' }, 'in 52 weeks'),
      ...typeBar(portrait),
    ),
  )
}

const reason = 'No message ever named this user, or the user was erased'

/** The card of nobody, which says why. */
export const renderUnknownCard = (theme: Theme): string =>
  write(
    frame(
      {
        theme,
        height: 104,
        title: 'Unknown contributor',
        description: reason,
        heading: 'Unknown contributor',
      },
      caption(margin, 74, reason),
    ),
  )
