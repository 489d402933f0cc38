import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { themes, variants } from '../../src/cards/cardOptions.ts'
import { contentSecurityPolicies } from '../../src/cards/cardStyles.ts'
import { cardLanguages } from '../../src/definitions/languages.ts'
import { createFetch } from '../../src/http/router.ts'
import { formattersFor } from '../../src/pages/formatters.ts'
import { routes } from '../../src/routes.ts'
import { readCard } from '../support/card.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { expectUnavailable, takeD1Out } from '../support/faults.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const day = 86_400_000

const daysAgo = (days: number): string => new Date(noon - days * day).toISOString()

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [
    aContribution({ user: { id: 1, username: 'ana' }, occurred_at: '2011-05-01T00:00:00Z' }),
    aContribution({ user: { id: 1 }, occurred_at: daysAgo(60) }),
    aContribution({ user: { id: 1 }, type: 'solution' }),
  ])
})

afterEach(() => void vi.restoreAllMocks())

describe('a user’s card', () => {
  it('has a title and a description that say what it shows', async () => {
    const { heading, title, description, document } = await readCard('/v1/users/1/card.svg')
    expect([heading, title]).toEqual(['ana', 'Contributions of \u2068ana\u2069'])
    expect(description).toBe(
      '3 contributions (2 answers, 1 solution), 1 in 30 days, 2 in 90 days. Contributing since 2011',
    )
    const root = document.documentElement
    expect(root?.getAttribute('role')).toBe('img')
    const [titleId = '', descriptionId = ''] = root?.getAttribute('aria-labelledby')?.split(' ') ?? []
    expect(document.getElementById(titleId)?.tagName).toBe('title')
    expect(document.getElementById(descriptionId)?.tagName).toBe('desc')
    const shown = Array.from(document.getElementsByTagName('text'), ({ textContent }) => textContent)
    expect(shown).toEqual(
      expect.arrayContaining([
        'Perennial',
        'Contributing since 2011',
        '3',
        '2',
        '1',
        '2 answers',
        '1 solution',
      ]),
    )
    expect(shown).not.toContain('0 questions')
  })

  it('shows the display name rather than the username, and a new name within a second', async () => {
    await send('user.updated', { id: 1, display_name: 'Ana María' })
    setClock(noon + 1000)
    expect((await readCard('/v1/users/1/card.svg')).heading).toBe('Ana María')
    await send('user.updated', { id: 1, display_name: null, username: null }, noon + 1000)
    setClock(noon + 2000)
    expect((await readCard('/v1/users/1/card.svg')).heading).toBe('Contributor 1')
    expect((await readCard('/v1/users/1/card.svg?lang=de')).heading).toBe('Person 1')
  })

  it('draws a bar for each week of a year that has contributions', async () => {
    await send(
      'contribution.created',
      [0, 363, 364].map((days) => aContribution({ user: { id: 2 }, occurred_at: daysAgo(days) })),
    )
    const { document } = await readCard('/v1/users/2/card.svg')
    const bars = Array.from(document.getElementsByTagName('path'), (path) => path.getAttribute('d') ?? '')
      .map((path) => [...path.matchAll(/v-(\d+)/g)].map(([, height]) => Number(height)))
      .find((heights) => heights.length === 52)
    expect(bars).toEqual([11, ...Array.from({ length: 50 }, () => 1), 11])
  })

  it('names its instant if that is past', async () => {
    const { description, response } = await readCard('/v1/users/1/card.svg?as_of=2012-01-01T00:00:00Z')
    expect(description).toBe(
      '1 contribution (1 answer), 0 in 30 days, 0 in 90 days. Contributing since 2011 · as of 2012-01-01',
    )
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('says that a user has no contributions yet', async () => {
    await send('user.updated', { id: 3, username: 'new', is_hidden: true })
    const { response, description } = await readCard('/v1/users/3/card.svg')
    expect([response.status, description]).toEqual([200, 'No contributions yet'])
  })

  it('reflects the position in at_least, and is 503 for a position beyond the log', async () => {
    await readCard('/v1/users/1/card.svg')
    const { position } = await send('contribution.created', aContribution({ user: { id: 1 } }))
    const { response, description } = await readCard(`/v1/users/1/card.svg?at_least=${position}`)
    expect(description).toMatch(/^4 contributions/)
    expect(response.headers.get('perennial-position')).toBe(String(position))
    expect((await fetchApi(`/v1/users/1/card.svg?at_least=${position + 1}`)).status).toBe(503)
  })

  it('costs D1 no more than a refresh of the counter', async () => {
    await readCard('/v1/users/1/card.svg')
    const meter = meterOfAll(env.DB)
    await readCard('/v1/users/1/card.svg')
    expect(meter.batches).toBe(0)
    setClock(noon + 1000)
    await readCard('/v1/users/1/card.svg')
    expect(meter).toMatchObject({ batches: 1, rowsWritten: 0 })
    expect(meter.rowsRead).toBeLessThanOrEqual(4)
  })
})

describe('the theme of a card', () => {
  it('is light, dark or auto, which is the default and follows the system', async () => {
    const [light, dark, auto, none] = await Promise.all(
      ['?theme=light', '?theme=dark', '?theme=auto', ''].map(async (query) =>
        readCard(`/v1/users/1/card.svg${query}`),
      ),
    )
    expect(light?.text).not.toContain('prefers-color-scheme')
    expect(dark?.text).not.toContain('prefers-color-scheme')
    expect(light?.text).not.toBe(dark?.text)
    expect(auto?.text).toContain('@media (prefers-color-scheme:dark)')
    expect(none?.text).toBe(auto?.text)
  })

  it.each(['blue', '', 'Dark', 'light,dark'])(
    'is refused if it is %j, and the answer names the parameter',
    async (theme) => {
      for (const id of ['1', '404']) {
        const response = await fetchApi(`/v1/users/${id}/card.svg?theme=${theme}`)
        const problem: Json = await response.json()
        expect([response.status, problem.errors[0].parameter]).toEqual([400, 'theme'])
        expect(response.headers.get('content-type')).toBe('application/problem+json')
      }
    },
  )
})

describe.each(cardLanguages)('a card in the language %s', (language) => {
  it('is well-formed, safe and below 10 KB in every variant and theme, and says its language', async () => {
    const tags = new Set<string>()
    for (const variant of variants) {
      for (const theme of themes) {
        const path = `/v1/users/1/card.svg?variant=${variant}&theme=${theme}&lang=${language}`
        const { response, document, text, heading } = await readCard(path)
        expect([response.status, heading]).toEqual([200, 'ana'])
        expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicies[theme])
        expect(new TextEncoder().encode(text).length).toBeLessThan(10_000)
        expect(text).not.toMatch(
          /<(?:script|foreignObject|image|use|a)\b|\bon\w+=|\bstyle=|href|url\(|[{}]\w+[{}]$/i,
        )
        expect(document.documentElement?.getAttribute('xml:lang')).toBe(language)
        expect(document.documentElement?.getAttribute('direction')).toBe(language === 'ar' ? 'rtl' : null)
        tags.add(response.headers.get('etag') ?? '')
      }
    }
    expect(tags.size).toBe(variants.length * themes.length)
  })

  it('has the numbers of the profile as pages write them in that language', async () => {
    const many = Array.from({ length: 1200 }, () => aContribution({ user: { id: 5, username: 'busy' } }))
    for (const part of [many.slice(0, 1000), many.slice(1000)]) await send('contribution.created', part)
    const { lifetime } = await read('/v1/users/5')
    const { text } = await readCard(`/v1/users/5/card.svg?lang=${language}`)
    expect(text).toContain(`>${formattersFor(language, 'UTC').number(lifetime.total)}<`)
  })
})

describe('the texts of a standard card', () => {
  const textsOf = async (path: string): Promise<string[]> =>
    Array.from((await readCard(path)).document.getElementsByTagName('text'), (text) => text.textContent ?? '')

  it('say how many contributions its bars stand for', async () => {
    await send('contribution.created', [
      aContribution({ user: { id: 1 }, occurred_at: daysAgo(363) }),
      aContribution({ user: { id: 1 }, occurred_at: daysAgo(364) }),
    ])
    setClock(noon + 2000)
    expect(await textsOf('/v1/users/1/card.svg')).toContain('3 in 52 weeks')
    expect(await textsOf('/v1/users/1/card.svg?lang=de')).toContain('3 in 52 Wochen')
    expect(await textsOf('/v1/users/1/card.svg?lang=ja')).toContain('52週間：3')
  })

  it('name four types in two rows of two', async () => {
    await send('contribution.created', [
      aContribution({ user: { id: 1 }, type: 'question' }),
      aContribution({ user: { id: 1 }, type: 'helpful_vote' }),
    ])
    setClock(noon + 2000)
    const { document } = await readCard('/v1/users/1/card.svg')
    const dots = Array.from(document.getElementsByTagName('circle'), (dot) => [
      dot.getAttribute('cx'),
      dot.getAttribute('cy'),
    ])
    const [left, right] = [dots[0]?.[0], dots[1]?.[0]]
    const [first, second] = [dots[0]?.[1], dots[2]?.[1]]
    expect(new Set([left, right, first, second]).size).toBe(4)
    expect(dots).toEqual([
      [left, first],
      [right, first],
      [left, second],
      [right, second],
    ])
  })
})

describe('a card in another language', () => {
  it('says in that language what it shows', async () => {
    const description = async (query: string): Promise<string> =>
      (await readCard(`/v1/users/1/card.svg?${query}`)).description
    expect(await description('lang=de&variant=wide')).toBe(
      '3 Beiträge (2 Antworten, 1 Lösung), 1 in 30 Tagen, 2 in 90 Tagen. Dabei seit 2011',
    )
    expect(await description('lang=ja&variant=compact')).toBe(
      '貢献：3 (回答：2, 解決策：1), 1 30日間, 2 90日間. 2011年から貢献',
    )
    expect(await description('lang=ar&as_of=2012-01-01T00:00:00Z')).toBe(
      'مساهمات: 1 (الإجابات: 1), 0 في 30 يومًا, 0 في 90 يومًا. المساهمات منذ \u20682011\u2069 · حتى \u20682012-01-01\u2069',
    )
  })

  it('says in that language that the user does not exist', async () => {
    const { response, heading, description } = await readCard('/v1/users/404/card.svg?lang=de&variant=wide')
    expect([response.status, heading, description]).toEqual([
      404,
      'Unbekannte Person',
      'Perennial kennt diese Person nicht, oder sie wurde gelöscht',
    ])
  })

  it.each([
    ['variant', 'Wide'],
    ['variant', ''],
    ['lang', 'de-DE'],
    ['lang', 'xx'],
    ['lang', 'constructor'],
  ])('is refused for %s=%s, and the answer names the parameter', async (name, value) => {
    const response = await fetchApi(`/v1/users/1/card.svg?${name}=${value}`)
    const problem: Json = await response.json()
    expect([response.status, problem.errors[0].parameter]).toEqual([400, name])
  })
})

describe('a card of a product', () => {
  it('counts only contributions that have that product now, and names the product', async () => {
    await send('contribution.created', [
      aContribution({
        user: { id: 6, username: 'eve' },
        content: { type: 'a', id: '1' },
        product: 'firefox',
      }),
      aContribution({ user: { id: 6 }, content: { type: 'a', id: '2' }, product: 'mobile', locale: 'de' }),
      aContribution({ user: { id: 6 }, type: 'question' }),
    ])
    const descriptionOf = async (query: string): Promise<string> =>
      (await readCard(`/v1/users/6/card.svg?${query}`)).description
    const one = '1 contribution (1 answer), 1 in 30 days, 1 in 90 days. Contributing since 2026'
    expect(await descriptionOf('product=firefox')).toBe(`${one} · firefox`)
    for (const id of ['1', '2'])
      await send('contribution.amended', {
        content: { type: 'a', id },
        set: { product: 'firefox', locale: 'en-US' },
      })
    setClock(noon + 1000)
    expect(await descriptionOf('product=firefox&locale=en-US')).toBe(
      '2 contributions (2 answers), 2 in 30 days, 2 in 90 days. Contributing since 2026 · firefox · en-US',
    )
    expect(await descriptionOf('product=mobile')).toBe('No contributions yet · mobile')
    expect(await descriptionOf('product=')).toBe(
      '1 contribution (1 question), 1 in 30 days, 1 in 90 days. Contributing since 2026 · no product',
    )
  })
})

describe('a wide card', () => {
  it('has a square for each of 364 days, in the column of its week, and darker for more contributions', async () => {
    await send('contribution.created', [
      ...[0, 0, 0, 363].map((days) => aContribution({ user: { id: 2 }, occurred_at: daysAgo(days) })),
      aContribution({ user: { id: 2 }, occurred_at: daysAgo(364) }),
    ])
    const { document } = await readCard('/v1/users/2/card.svg?variant=wide')
    const paths = Array.from(document.getElementsByTagName('path'), (path): [string, string[]] => [
      path.getAttribute('class') ?? '',
      [...(path.getAttribute('d') ?? '').matchAll(/M(\d+ \d+)h0.82/g)].map(([, place = '']) => place),
    ]).filter(([level]) => level.startsWith('level'))
    // Noon is on a Friday, the fifth row. 363 days before, a Saturday is in the first column.
    expect(Object.fromEntries(paths.filter(([level]) => level !== 'level-0'))).toEqual({
      'level-1': ['0 5'],
      'level-4': ['52 4'],
    })
    expect(paths.flatMap(([, places]) => places)).toHaveLength(364)
    expect(new Set(paths.flatMap(([, places]) => places)).size).toBe(364)
  })
})

describe('the card of a user who does not exist', () => {
  it.each(['404', '0', '007', 'ana', '9007199254740992'])('says so, with status 404: %s', async (id) => {
    const { response, heading, description } = await readCard(`/v1/users/${id}/card.svg?theme=dark`)
    expect([response.status, heading]).toEqual([404, 'Unknown contributor'])
    expect(description).toBe('Perennial has no such user, or the user was erased')
    expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('etag')).toBeNull()
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('is shown for an erased user too, without any name or number', async () => {
    await readCard('/v1/users/1/card.svg')
    await send('user.erased', { id: 1 })
    setClock(noon + 1000)
    const { response, text } = await readCard('/v1/users/1/card.svg')
    expect(response.status).toBe(404)
    expect(text).not.toContain('ana')
    expect(text).toBe((await readCard('/v1/users/404/card.svg')).text)
  })
})

describe('a card that cannot be made now', () => {
  /** What browsers and GitHub's image proxy accept for an `<img>`. */
  const accepts = {
    Chromium: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    Firefox: 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
    Safari:
      'image/webp,image/avif,image/jxl,image/heic,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5',
    'an image proxy': 'image/*',
  }
  const asImage = { headers: { accept: accepts.Chromium } }
  const card = '/v1/users/1/card.svg'

  it.each(Object.entries(accepts))('is an image with status 503 for an <img> in %s', async (_, accept) => {
    const repair = takeD1Out()
    const { response, heading, description, text } = await readCard(`${card}?theme=dark`, {
      headers: { accept },
    })
    const names = ['content-type', 'cache-control', 'retry-after', 'etag', 'content-security-policy']
    expect([response.status, ...names.map((name) => response.headers.get(name))]).toEqual([
      503,
      'image/svg+xml; charset=utf-8',
      'no-store',
      '2',
      null,
      contentSecurityPolicies.dark,
    ])
    expect([heading, description]).toEqual(['Numbers can’t be shown at the moment', 'Perennial'])
    expect([text.includes('ana'), response.headers.get('cross-origin-resource-policy')]).toEqual([
      false,
      'cross-origin',
    ])
    repair()
    expect((await readCard(card, { headers: { accept } })).heading).toBe('ana')
  })

  it.each([
    ['en', 'Numbers can’t be shown at the moment'],
    ['de', 'Zahlen sind gerade nicht verfügbar'],
    ['fr', 'Chiffres indisponibles pour le moment'],
    ['es', 'Ahora no se pueden mostrar los números'],
    ['pt', 'Os números não podem ser mostrados agora'],
    ['ja', '現在、数値を表示できません'],
    ['zh', '目前无法显示数据'],
    ['ar', 'لا يمكن عرض الأرقام الآن'],
  ])('says so in the language %s, whole and in the width of each variant', async (language, sentence) => {
    takeD1Out()
    for (const [variant, width] of Object.entries({ standard: 480, compact: 360, wide: 840 })) {
      const shown = await readCard(`${card}?lang=${language}&variant=${variant}`, asImage)
      expect([shown.heading, shown.title]).toEqual([sentence, sentence])
      const { documentElement } = shown.document
      expect(['xml:lang', 'width'].map((name) => documentElement?.getAttribute(name))).toEqual([
        language,
        String(width),
      ])
    }
  })

  it.each([
    ['no Accept header', undefined],
    ['*/*', '*/*'],
    ['JSON', 'application/json'],
    ['JSON rather than images', 'application/problem+json, image/*;q=0.5'],
    ['a page', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
    ['no images', 'image/*;q=0'],
  ])('is a problem in JSON for callers that accept %s', async (_, accept) => {
    takeD1Out()
    await expectUnavailable(await fetchApi(card, accept === undefined ? {} : { headers: { accept } }))
  })

  it.each([
    [429, { RATE_LIMITS: 'on', READ_LIMIT: { limit: async () => ({ success: false }) } }],
    [500, { USER_COUNTERS: undefined }],
  ])('is an image with status %i too, in the chosen or else the default look', async (status, changed) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const answer = createFetch(routes)
    const broken = { ...env, ...changed } as unknown as Env
    for (const [query, heading] of [
      ['?lang=de&variant=compact', 'Zahlen sind gerade nicht verfügbar'],
      ['?lang=xx&variant=huge', 'Numbers can’t be shown at the moment'],
    ] as const) {
      // An address with a bad value is refused, unless it is refused before that.
      if (status !== 429 && query.includes('xx')) continue
      const response = await answer(
        new Request(`https://perennial.example${card}${query}`, asImage),
        broken,
        noon,
      )
      expect([response.status, response.headers.get('content-type')]).toEqual([
        status,
        'image/svg+xml; charset=utf-8',
      ])
      expect(await response.text()).toContain(heading)
    }
  })

  it('is a problem in JSON if the address is wrong, for an <img> too', async () => {
    const response = await fetchApi(`${card}?theme=blue`, asImage)
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    await response.body?.cancel()
  })
})

describe('a card over HTTP', () => {
  it('may be embedded anywhere and runs nothing', async () => {
    for (const theme of ['light', 'dark', 'auto']) {
      const { response, document, text } = await readCard(`/v1/users/1/card.svg?theme=${theme}`)
      const headers = Object.fromEntries(response.headers)
      expect(headers).toMatchObject({
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': 'public, max-age=10, stale-while-revalidate=60',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'perennial-as-of': '2026-11-20T12:00:00.000Z',
        'perennial-position': '3',
      })
      const style = document.getElementsByTagName('style')[0]?.textContent ?? ''
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
      const hash = new Uint8Array(digest).toBase64()
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; sandbox`,
      )
      expect(text).not.toMatch(
        /<(?:script|foreignObject|image|use|a)\b|\bon\w+=|\bstyle=|href|url\(|@import/i,
      )
      expect(text.match(/https?:[^"<]*/g)).toEqual(['http://www.w3.org/2000/svg'])
    }
  })

  it('keeps its ETag while it looks the same, and answers 304 to it', async () => {
    const first = await readCard('/v1/users/1/card.svg')
    const tag = first.response.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"[\w-]+"$/)
    await send('contribution.created', aContribution({ user: { id: 9 } }))
    setClock(noon + 1500)
    const same = await fetchApi('/v1/users/1/card.svg', { headers: { 'if-none-match': tag } })
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, tag, ''])
    expect(same.headers.get('perennial-as-of')).toBe('2026-11-20T12:00:01.500Z')
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    setClock(noon + 3000)
    expect(
      (await readCard('/v1/users/1/card.svg', { headers: { 'if-none-match': tag } })).response.status,
    ).toBe(200)
    expect((await readCard('/v1/users/1/card.svg?theme=dark')).response.headers.get('etag')).not.toBe(tag)
  })

  it('answers HEAD like GET, and no other method', async () => {
    const { response } = await readCard('/v1/users/1/card.svg')
    const head = await fetchApi('/v1/users/1/card.svg', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const name of ['etag', 'content-type', 'content-security-policy'])
      expect(head.headers.get(name)).toBe(response.headers.get(name))
    expect((await fetchApi('/v1/users/404/card.svg', { method: 'HEAD' })).status).toBe(404)
    expect((await fetchApi('/v1/users/1/card.svg', { method: 'POST' })).status).toBe(405)
  })
})
