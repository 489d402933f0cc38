import type { ComponentChildren } from 'preact'
import { definitions } from '../definitions/definitions.ts'
import { languageNames, languages, type Language } from '../definitions/languages.ts'
import type { TextKey } from './texts/message.ts'
import { assetOf, TextsContext, useTexts, withLanguage, type Texts } from './texts/texts.ts'

/** What surrounds the main part of a page. */
export interface PageFrame {
  /** The page's title in the browser, without the site's name. */
  title: string
  /** A sentence for search engines and link previews. */
  description?: string
  /** The language of the title and the description, if it is not the reader's. */
  titleLanguage?: Language
  /** The page's own script: a file of `browser/`, without its extension. */
  script?: string
  /** The page's own stylesheet: a file of `styles/`, without its extension. */
  stylesheet?: string
}

const places = [
  { path: '/', name: 'page.dashboard' },
  { path: '/community', name: 'page.community' },
  { path: '/docs', name: 'page.api' },
  { path: '/status', name: 'page.status' },
] as const satisfies { path: string; name: TextKey }[]

/** The site's logo, or else Perennial's. */
const Logo = () =>
  definitions.site.logo === undefined ? (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M12 22V10" />
      <path d="M12 13c0-5 3-8 8-8 0 5-3 8-8 8Z" />
      <path d="M12 17c0-4-2.5-6.5-7-6.5 0 4 2.5 6.5 7 6.5Z" />
    </svg>
  ) : (
    <img class="logo" src={`/${definitions.site.logo}`} alt="" height="28" />
  )

const Header = ({ path }: { path: string }) => {
  const { text, link } = useTexts()
  return (
    <header class="site-header">
      <div class="measure site-bar">
        <a class="wordmark" href={link('/')}>
          <Logo />
          {definitions.site.name}
        </a>
        <nav aria-label={text('page.site')}>
          <ul class="site-nav">
            {places.map((place) => (
              <li key={place.path}>
                <a href={link(place.path)} aria-current={place.path === path ? 'page' : undefined}>
                  {text(place.name)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  )
}

/** Links to this page in each language. Island.tsx keeps them up to date when the page's address changes. */
const LanguageSwitch = ({ address }: { address: string }) => {
  const { text, language } = useTexts()
  return (
    <nav aria-label={text('page.language')}>
      <ul class="languages">
        {languages.map((each) => (
          <li key={each}>
            <a
              href={withLanguage(address, each)}
              hreflang={each}
              lang={each}
              rel="alternate"
              aria-current={language.split('-', 1)[0] === each ? 'true' : undefined}
            >
              {languageNames[each]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Footer = ({ address }: { address: string }) => {
  const { rich, link } = useTexts()
  return (
    <footer class="site-footer">
      <div class="measure site-foot">
        <p>{rich('page.footer', { api: (part) => <a href={link('/docs')}>{part}</a> })}</p>
        <LanguageSwitch address={address} />
      </div>
    </footer>
  )
}

interface LayoutProps extends PageFrame {
  /** The page's own address. */
  url: Readonly<URL>
  /** The origin that readers know the service by; `''` if it is not set. */
  origin: string
  texts: Texts
  children: ComponentChildren
}

/** A complete HTML document: head, skip link, header, main part, footer. */
export const Layout = ({
  title,
  description,
  titleLanguage,
  script,
  stylesheet,
  url,
  origin,
  texts,
  children,
}: LayoutProps) => (
  <html lang={texts.language}>
    <head>
      <meta charset="utf-8" />
      <title lang={titleLanguage}>{`${title} · ${definitions.site.name}`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {description && <meta name="description" lang={titleLanguage} content={description} />}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={definitions.site.name} />
      <meta property="og:title" content={title} />
      {description && <meta property="og:description" content={description} />}
      {origin !== '' && <meta property="og:url" content={origin + url.pathname + url.search} />}
      <meta property="og:image" content={`${origin}/share.png`} />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta name="twitter:card" content="summary_large_image" />
      <link rel="icon" href={`/${definitions.site.logo ?? 'favicon.svg'}`} type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/site.css" />
      {stylesheet && <link rel="stylesheet" href={`/assets/${stylesheet}.css`} />}
      {script && <link rel="modulepreload" href={assetOf(texts.language)} />}
      {script && <script type="module" src={`/assets/${script}.js`} />}
    </head>
    <body>
      <TextsContext.Provider value={texts}>
        <a class="skip-link" href="#main">
          {texts.text('page.skip')}
        </a>
        <Header path={url.pathname} />
        <main id="main" class="measure" tabIndex={-1}>
          {children}
        </main>
        <Footer address={url.pathname + url.search} />
      </TextsContext.Provider>
    </body>
  </html>
)
