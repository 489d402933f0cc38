import type { ComponentChildren } from 'preact'

/** What stands around the main part of a page. */
export interface Frame {
  /** The page's name, as the browser shows it. */
  title: string
  /** One sentence for those who link to the page. */
  description?: string
  /** The page's own script: a file of `browser/`, without its ending. */
  script?: string
  /** The page's own stylesheet beside the site's: a file of `styles/`, without its ending. */
  stylesheet?: string
}

/** The site's navigation: where it leads, and what it is called. */
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
        Perennial
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
        Every number here is a sum over an append-only log of contributions, and a client of the{' '}
        <a href="/docs">public API</a> can read them all. Deleting content never changes one.
      </p>
    </div>
  </footer>
)

interface LayoutProps extends Frame {
  path: string
  children: ComponentChildren
}

/** A whole document: head, skip link, header, the page's own main part, footer. */
export const Layout = ({ title, description, script, stylesheet, path, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · Perennial`}</title>
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
        Skip to the content
      </a>
      <Header path={path} />
      <main id="main" class="measure" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </body>
  </html>
)
