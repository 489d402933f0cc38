import type { ComponentChildren } from 'preact'

interface HeadingProps {
  level: 'h2' | 'h3'
  /** The ID that the link points to. */
  anchor: string
  /** The ID of the heading itself. */
  titleId: string
  children: ComponentChildren
}

/** A link to a section. With the page's script, a click also copies the address. */
export const Anchor = ({ to }: { to: string }) => (
  <a class="anchor" href={`#${to}`} data-anchor aria-label="Link to this section">
    #
  </a>
)

/** A heading with a link to its section. */
export const Heading = ({ level: Level, anchor, titleId, children }: HeadingProps) => (
  <Level id={titleId} class="anchored">
    {children}
    <Anchor to={anchor} />
  </Level>
)
