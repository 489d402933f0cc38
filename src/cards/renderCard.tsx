import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { Caption, Frame, margin } from './Frame.tsx'
import type { Portrait } from './portrait.ts'
import type { Theme } from './themes.ts'
import { UserCard } from './UserCard.tsx'

// Rendered HTML is well-formed XML, except for one sequence that XML forbids in text (XML 1.0 section 2.4).
const toXml = (card: VNode): string => render(card).replaceAll(']]>', ']]&gt;')

/** A user's card: an SVG without scripts, links or fonts, smaller than 10 KB whatever the name. */
export const renderUserCard = (portrait: Portrait, theme: Theme): string =>
  toXml(<UserCard portrait={portrait} theme={theme} />)

/** The card for an unknown user. */
export const renderUnknownCard = (theme: Theme): string => {
  const [heading, reason] = ['Unknown contributor', 'This user is not known to Perennial, or was erased']
  return toXml(
    <Frame theme={theme} height={104} title={heading} description={reason} heading={heading}>
      <Caption x={margin} y={74}>
        {reason}
      </Caption>
    </Frame>,
  )
}
