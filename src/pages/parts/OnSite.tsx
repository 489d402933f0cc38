import type { ComponentChildren } from 'preact'

/** A link to something on the site itself; only the text if its address is not known. */
export const OnSite = ({ href, children }: { href: string | null; children: ComponentChildren }) =>
  href === null ? (
    <>{children}</>
  ) : (
    <a href={href} rel="nofollow noopener">
      {children}
    </a>
  )
