import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { definitions } from '../definitions/definitions.ts'
import { cardWidths, noticeHeight, type CardStyle, type Variant } from './cardOptions.ts'
import { CompactCard } from './CompactCard.tsx'
import { Caption, Frame, Heading, Sprig } from './Frame.tsx'
import type { CardProps } from './portrait.ts'
import { StandardCard } from './StandardCard.tsx'
import { WideCard } from './WideCard.tsx'
import { wordsOf } from './wordsOf.ts'

const cards: Record<Variant, (card: CardProps) => VNode> = {
  standard: StandardCard,
  compact: CompactCard,
  wide: WideCard,
}

// Rendered HTML is well-formed XML, except for one sequence that XML forbids in text (XML 1.0 section 2.4).
const toXml = (card: VNode): string => render(card).replaceAll(']]>', ']]&gt;')

/** A user's card: an SVG without scripts, links or fonts, smaller than 10 KB for any name. */
export const renderUserCard = (portrait: CardProps['portrait'], style: CardStyle): string => {
  const Card = cards[style.variant]
  return toXml(<Card portrait={portrait} theme={style.theme} words={wordsOf(style.language)} />)
}

interface NoticeProps {
  style: CardStyle
  heading: string
  detail: string
}

const noticeMargin = 20
const noticeIndent = 56

/** A card of the variant's width with a sentence instead of numbers. */
const Notice = ({ style: { theme, variant, language }, heading, detail }: NoticeProps) => {
  const width = cardWidths[variant]
  const room = width - noticeMargin - noticeIndent
  return (
    <Frame
      theme={theme}
      width={width}
      height={noticeHeight}
      words={wordsOf(language)}
      title={heading}
      description={detail}
    >
      <Sprig x={noticeMargin - 3} y={24} scale={1.2} />
      <Heading x={noticeIndent} y={38} room={room} largest={18} smallest={10}>
        {heading}
      </Heading>
      <Caption x={noticeIndent} y={59} room={room}>
        {detail}
      </Caption>
    </Frame>
  )
}

/** The card for an unknown user. */
export const renderUnknownCard = (style: CardStyle): string => {
  const words = wordsOf(style.language)
  return toXml(<Notice style={style} heading={words.phrase('unknown')} detail={words.unknownReason} />)
}

/** The card for numbers that cannot be read now. */
export const renderUnavailableCard = (style: CardStyle): string =>
  toXml(
    <Notice
      style={style}
      heading={wordsOf(style.language).phrase('unavailable')}
      detail={definitions.site.name}
    />,
  )
