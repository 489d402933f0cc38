import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import type { CardStyle, Variant } from './cardOptions.ts'
import { CompactCard } from './CompactCard.tsx'
import { Caption, Frame, Heading, Wordmark } from './Frame.tsx'
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

/** The card for an unknown user. */
export const renderUnknownCard = ({ theme, language }: CardStyle): string => {
  const words = wordsOf(language)
  const heading = words.phrase('unknown')
  return toXml(
    <Frame
      theme={theme}
      width={480}
      height={104}
      words={words}
      title={heading}
      description={words.unknownReason}
    >
      <Heading x={24} y={46} room={336} largest={25} smallest={17}>
        {heading}
      </Heading>
      <Wordmark x={456} y={46} />
      <Caption x={24} y={74} room={432}>
        {words.unknownReason}
      </Caption>
    </Frame>,
  )
}
