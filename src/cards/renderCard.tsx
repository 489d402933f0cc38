import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { Caption, Frame, margin } from './Frame.tsx'
import type { Portrait } from './portrait.ts'
import type { Theme } from './themes.ts'
import { UserCard } from './UserCard.tsx'

// As HTML, all of it is XML too, but for one sequence that XML forbids in text (XML 1.0 section 2.4).
const toXml = (card: VNode): string => render(card).replaceAll(']]>', ']]&gt;')

/** A user's card: an SVG without script, links or fonts of its own, below 10 KB whatever the name. */
export const renderUserCard = (portrait: Portrait, theme: Theme): string =>
  toXml(<UserCard portrait={portrait} theme={theme} />)

/** The card of nobody, which says why. */
export const renderUnknownCard = (theme: Theme): string => {
  const [heading, reason] = ['Unknown contributor', 'No message ever named this user, or the user was erased']
  return toXml(
    <Frame theme={theme} height={104} title={heading} description={reason} heading={heading}>
      <Caption x={margin} y={74}>
        {reason}
      </Caption>
    </Frame>,
  )
}
