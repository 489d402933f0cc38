import type { ComponentChildren } from 'preact'

/** What stands for something on the site itself: a link to it, if its address is known. */
export const OnSite = ({ href, children }: { href: string | null; children: ComponentChildren }) =>
  href === null ? (
    <>{children}</>
  ) : (
    <a href={href} rel="nofollow noopener">
      {children}
    </a>
  )
