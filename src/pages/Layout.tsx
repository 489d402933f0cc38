import type { ComponentChildren } from 'preact'
import { definitions } from '../definitions/definitions.ts'

/** What surrounds the main part of a page. */
export interface PageFrame {
  /** The page's title in the browser, without the site's name. */
  title: string
  /** A sentence for search engines and link previews. */
  description?: string
  /** The page's own script: a file of `browser/`, without its extension. */
  script?: string
  /** The page's own stylesheet: a file of `styles/`, without its extension. */
  stylesheet?: string
}

const places = [
  { path: '/', name: 'Dashboard' },
  { path: '/docs', name: 'API' },
] as const

const Mark = () => (
  <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <path d="M12 22V10" />
    <path d="M12 13c0-5 3-8 8-8 0 5-3 8-8 8Z" />
    <path d="M12 17c0-4-2.5-6.5-7-6.5 0 4 2.5 6.5 7 6.5Z" />
  </svg>
)

const Header = ({ path }: { path: string }) => (
  <header class="site-header">
    <div class="measure site-bar">
      <a class="wordmark" href="/">
        <Mark />
        {definitions.site.name}
      </a>
      <nav aria-label="Site">
        <ul class="site-nav">
          {places.map((place) => (
            <li key={place.path}>
              <a href={place.path} aria-current={place.path === path ? 'page' : undefined}>
                {place.name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  </header>
)

const Footer = () => (
  <footer class="site-footer">
    <div class="measure">
      <p>
        All numbers come from a permanent log of contributions and are available through the{' '}
        <a href="/docs">public API</a>. Deleting content never changes them.
      </p>
    </div>
  </footer>
)

interface LayoutProps extends PageFrame {
  path: string
  children: ComponentChildren
}

/** A whole HTML document: head, skip link, header, main part, footer. */
export const Layout = ({ title, description, script, stylesheet, path, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · ${definitions.site.name}`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {description && <meta name="description" content={description} />}
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/site.css" />
      {stylesheet && <link rel="stylesheet" href={`/assets/${stylesheet}.css`} />}
      {script && <script type="module" src={`/assets/${script}.js`} />}
    </head>
    <body>
      <a class="skip-link" href="#main">
        Skip to content
      </a>
      <Header path={path} />
      <main id="main" class="measure" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </body>
  </html>
)
