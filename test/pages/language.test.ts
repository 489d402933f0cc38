import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', aContribution({ user: { id: 1, username: 'ana' } }))
  setClock(noon + 10_000)
})

const pages = [
  '/',
  '/community',
  '/users/1',
  '/status',
  '/docs',
  '/problems',
  '/problems/internal',
  '/nothing-here',
]

/** A page as a browser requests it. */
const show = async (path: string, acceptLanguage = 'en-US'): Promise<string> => {
  const headers = { accept: 'text/html', 'accept-language': acceptLanguage }
  return await (await fetchApi(path, { headers })).text()
}

/** The language of the document, and the text of its skip link. */
const languageOf = (html: string): string[] => [
  /<html lang="([^"]+)"/.exec(html)?.[1] ?? '',
  /class="skip-link"[^>]*>([^<]+)/.exec(html)?.[1] ?? '',
]

describe.each(pages)('%s', (path) => {
  it('is in the language of Accept-Language, and formats like its region', async () => {
    expect(languageOf(await show(path, 'fr-FR, de-AT;q=0.9, en;q=0.8'))).toEqual([
      'de-AT',
      'Zum Inhalt springen',
    ])
    expect(languageOf(await show(path, 'en-GB'))).toEqual(['en-GB', 'Skip to content'])
  })

  it('is in the language of the site if it is written in none of those accepted', async () => {
    expect(languageOf(await show(path, 'fr-FR, *;q=0.5'))).toEqual(['en', 'Skip to content'])
  })

  it('is in the language that its address asks for, and links to other pages in it', async () => {
    const html = await show(`${path}?lang=de`)
    expect(languageOf(html)).toEqual(['de', 'Zum Inhalt springen'])
    // What `npm run build` renders is in English only.
    const own = html.replace(/<main .*lang="en".*<\/main>/s, '')
    const links = [...own.matchAll(/<a [^>]*href="(\/[^"]*)"/g)].map(([, href = '']) => href)
    const toPages = links.filter((href) => !/^\/(?:v1|openapi)/.test(href))
    expect(toPages.length).toBeGreaterThan(3)
    expect(toPages.filter((href) => !/[?;]lang=(?:de|en)\b/.test(href.replaceAll('&amp;', ';')))).toEqual([])
  })

  it('links to itself in each language', async () => {
    const html = await show(path, 'de')
    for (const [language, name] of [
      ['en', 'English'],
      ['de', 'Deutsch'],
    ])
      expect(html).toMatch(
        new RegExp(`<a href="${path}\\?lang=${language}" hreflang="${language}"[^>]*>${name}`),
      )
    expect(html.match(/<a [^>]*hreflang[^>]*aria-current="true"[^>]*>[^<]+/g)?.join()).toContain('Deutsch')
  })
})

it('a page redirects from a language that it is not written in', async () => {
  for (const lang of ['fr', 'DE', 'de-AT', '', 'toString']) {
    const response = await fetchApi(`/docs?lang=${lang}`, { redirect: 'manual' })
    expect([lang, response.status, response.headers.get('location')]).toEqual([lang, 308, '/docs'])
  }
})

it.each(['/docs', '/docs/sending', '/problems', '/problems/internal'])(
  '%s tells German readers that it is in English, and marks what is',
  async (path) => {
    const german = await show(path, 'de')
    expect(german).toMatch(
      /<main [^>]*><p class="in-english soft">Diese Seite gibt es nur auf Englisch\.<\/p>/,
    )
    expect(german).toMatch(/<title lang="en">/)
    expect(german).toMatch(/<meta name="description" lang="en"/)
    expect(german).toMatch(/<\/p><div class="\w+" lang="en">/)
    expect(await show(path)).not.toContain('in-english')
  },
)
