import { cardWidths } from './cardOptions.ts'
import { Caption, FittedText, Frame, Heading, Sprig } from './Frame.tsx'
import { captionOf, descriptionOf, type CardProps } from './portrait.ts'
import { TypeBar } from './TypeBar.tsx'

const width = cardWidths.compact
const height = 88
const margin = 16
const indent = 44
const totalRoom = 104

/** A small card with name, total and a bar of the types' shares, for a sidebar or a signature. */
export const CompactCard = ({ portrait, theme, words }: CardProps) => {
  const nameRoom = width - margin - indent - totalRoom - 12
  return (
    <Frame
      theme={theme}
      width={width}
      height={height}
      words={words}
      title={words.phrase('titleOf', { name: `\u2068${portrait.name}\u2069` })}
      description={descriptionOf(portrait, words)}
    >
      <Sprig x={margin - 3} y={12} scale={1} />
      <Heading x={indent} y={31} room={nameRoom} largest={18} smallest={13}>
        {portrait.name}
      </Heading>
      <Caption x={indent} y={52} room={nameRoom}>
        {captionOf(portrait, words)}
      </Caption>
      <FittedText x={width - margin} y={33} room={totalRoom} largest={26} smallest={8} tone="accent" bold end>
        {words.number(portrait.total)}
      </FittedText>
      <Caption x={width - margin} y={52} room={totalRoom} end>
        {words.byCount('contributions', portrait.total)}
      </Caption>
      <TypeBar portrait={portrait} x={margin} y={66} length={width - 2 * margin} />
    </Frame>
  )
}
