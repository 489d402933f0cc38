import { beforeAll, describe, expect, it } from 'vitest'
import { metrics } from '../../src/definitions/definitions.ts'
import { listBehind } from '../../src/pages/boards/listBehind.ts'
import { boardAddress, wholeBoardAddress } from '../../src/pages/dashboard/dashboardQueries.ts'
import { parseState } from '../../src/pages/dashboard/dashboardState.ts'
import { contributionsAddress } from '../../src/pages/profile/profileQueries.ts'
import { parseProfile } from '../../src/pages/profile/profileState.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, read, send } from '../support/site.ts'

const hostile = `<script>alert("1")</script>&'`
/** The same as text in HTML, with its markup. */
const escaped = `&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;'`

const kbDescription = metrics.find(({ metric }) => metric === 'kb_contributors')?.description ?? ''

const show = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  const response = await fetchApi(path, { headers: { accept: 'text/html', ...headers } })
  expect(response.status).toBe(200)
  return response.text()
}

/** The text of the page's main part, as a visitor without JavaScript sees it. */
const textOf = (html: string): string =>
  (html.split('<main')[1] ?? '')
    .split('<script')[0]!
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

beforeAll(async () => {
  setClock(noon)
  const answersOf = (user: Record<string, unknown>, count: number, fields = {}) =>
    Array.from({ length: count }, () => aContribution({ user, ...fields }))
  await send('contribution.created', [
    ...answersOf({ id: 1, username: hostile, display_name: `${hostile} the first` }, 12),
    ...answersOf({ id: 2, username: 'ana' }, 7, { product: 'firefox' }),
    ...answersOf({ id: 3, username: 'Ana' }, 5),
    aContribution({ type: 'kb_edit', user: { id: 4, username: 'omar' }, locale: 'en-US' }),
  ])
  setClock(noon + 10_000)
})

describe('GET /', () => {
  it('says in German, too, whom a tile counts', async () => {
    expect(textOf(await show('/?lang=de'))).toContain(
      'Mitwirkende im Hilfeforum 1 Personen mit mindestens 10 Antworten auf Fragen anderer in den letzten 30 Tagen ',
    )
  })

  it('renders live metrics and the leaderboard', async () => {
    const text = textOf(await show('/'))
    expect(text).toContain('Support forum contributors 1 ')
    expect(text).toContain('Active contributors 4 ')
    for (const { title, description } of metrics)
      expect(text).toMatch(new RegExp(`${title} \\d ${description.replaceAll(/[()]/g, '\\$&')} `))
    expect(text).toContain(`${escaped} the first `)
    expect(text).toContain(`${escaped} latest: Nov 20, 2026 12 `)
    expect(text).toContain('Ranks 1–3 · 3 contributors ')
    expect(text).toMatch(/As of Nov 2\d, 2026, [\d:]+ [AP]M UTC /)
  })

  it('shows the metric, board, window and range in the address', async () => {
    const html = await show('/?metric=kb_contributors&board=kb&window=30d&range=3y')
    const text = textOf(html)
    expect(text).toContain(`Knowledge base contributors ${kbDescription} CSV`)
    expect(text).toContain('1 O omar latest: Nov 20, 2026 1 ')
    expect(html).toContain('href="/v1/leaderboards/kb.csv?window=30d" download>CSV (1 row)</a>')
    expect(html).toContain('<title>Knowledge base, last 30 days · Perennial</title>')
    expect(html).toContain('interval=week&amp;time_zone=UTC"')
  })

  it('filters every number by product', async () => {
    const text = textOf(await show('/?product=firefox'))
    expect(text).toContain('Active contributors 1 ')
    expect(text).toContain('Rank 1 · 1 contributor ')
  })

  it.each([
    ['de', ['0', '–', '0', '0'], 'only en\u2011US counts here'],
    ['en-US', ['0', '1', '–', '1'], 'en\u2011US doesn’t count here'],
  ])(
    'says which metrics count nothing in the locale %s by definition, in place of a 0',
    async (locale, values, why) => {
      const html = await show(`/?locale=${locale}`)
      const shown = [...html.matchAll(/tile-value">([^<]*)</g)].map(([, value]) => value)
      expect(shown).toEqual(values)
      const changes = [
        ...html.matchAll(/tile-value">([^<]*)<[^<]*<[^<]*<[^<]*<span class="change">([^<]*)</g),
      ]
      expect(changes.map(([, value, change]) => [value, change])).toEqual([
        ['–', `Not counted with this filter: ${why}.`],
      ])
    },
  )

  it('says that a board counts nothing in a locale by definition, and of others that nothing matches', async () => {
    const reasonOn = async (query: string): Promise<string | undefined> =>
      /Last days Show (.*?) Largest gains/.exec(textOf(await show(`/?${query}`)))?.[1]
    expect(await reasonOn('board=kb&locale=de')).toBe(
      'Not counted with this filter: only en\u2011US counts here.',
    )
    expect(await reasonOn('board=l10n&locale=en-US')).toBe(
      'Not counted with this filter: en\u2011US doesn’t count here.',
    )
    expect(await reasonOn('board=l10n&locale=de')).toBe('No matching contributions')
    expect(await reasonOn('board=kb&product=nothing')).toBe('No matching contributions')
  })

  it('shows the rank of the only user that a search finds', async () => {
    const text = textOf(await show('/?search=OMAR&board=kb'))
    expect(text).toContain('omar is ranked 1 of 1, with 1 contribution ')
    expect(textOf(await show('/?search=4'))).toContain(
      'omar is unranked: they have no matching contributions',
    )
  })

  it('lists the users that share a username, and reports when none has it', async () => {
    expect(textOf(await show('/?search=ana'))).toContain('2 contributors match ana :')
    expect(textOf(await show('/?search=nobody'))).toContain(
      'No contributor has the ID nobody , or a name that begins with it.',
    )
    expect(textOf(await show('/?search=x'))).toContain(
      'To find a name, type at least two characters of one of its words.',
    )
  })

  it('lists the people whose name begins with the search if nobody has exactly that name', async () => {
    expect(textOf(await show('/?search=an'))).toContain('2 contributors match an :')
  })

  it('finds a person by the beginnings of several words of their display name, in any order', async () => {
    expect(textOf(await show('/?search=Fir%20the'))).toContain(
      `${escaped} the first is ranked 1 of 3, with 12 `,
    )
    expect(textOf(await show('/?search=the%20second'))).toContain('No contributor has the ID the second ,')
  })

  it('has a title that says the board, the window and the filters, in the language of the reader', async () => {
    expect(await show('/?product=firefox&locale=de&window=45d')).toContain(
      '<title>Support forum, last 45 days (firefox, de) · Perennial</title>',
    )
    expect(await show('/?lang=de')).toContain('<title>Hilfeforum, letzte 90 Tage · Perennial</title>')
  })

  it('links each count to the contributions behind it, and says where the list can have more', async () => {
    const listsOn = async (path: string): Promise<[href: string, count: number][]> =>
      [...(await show(path)).matchAll(/<a href="(\/users\/[^"]*#contributions)">(\d+)</g)].map(
        ([, href = '', count]) => [href.replaceAll('&amp;', '&'), Number(count)],
      )
    const lists = '/users/1?type=answer&window=90d#contributions'
    expect(textOf(await show('/'))).toContain('12 Answers, ')
    expect((await listsOn('/'))[0]).toEqual([lists, 12])
    expect(await listsOn('/?board=overall&product=firefox&window=all&lang=de')).toEqual([
      ['/users/2?product=firefox&lang=de#contributions', 7],
    ])
    const more = 'The list can include contributions that this leaderboard doesn’t count.'
    expect(textOf(await show('/'))).toContain(more)
    const helpful = '/?board=helpful&window=30d'
    await send('contribution.created', [
      aContribution({ type: 'helpful_vote', user: { id: 4 }, locale: 'de' }),
      aContribution({ type: 'helpful_vote', user: { id: 4 } }),
    ])
    setClock(noon + 20_000)
    const [[href, count] = ['', 0]] = await listsOn(`${helpful}&locale=de`)
    expect([href, count]).toEqual(['/users/4?type=helpful_vote&window=30d&locale=de#contributions', 1])
    const { path, query } = contributionsAddress(4, parseProfile(href.split(/[?#]/)[1] ?? ''))
    expect(await read(path + query)).toMatchObject({
      contributions: [{ type: 'helpful_vote', locale: 'de' }],
    })
    const text = textOf(await show(helpful))
    expect(text).toContain('Select a number to list the contributions behind it')
    expect(text).not.toContain(more)
  })

  it('links the counts of a period to the contributions of that period', () => {
    const state = parseState('?board=kb&period=2026-Q3&time_zone=Europe/Berlin&locale=de')
    expect(listBehind(4, state)).toBe(
      '/users/4?type=kb_edit&period=2026-Q3&locale=de&time_zone=Europe%2FBerlin#contributions',
    )
  })

  it('leaves windows and periods that need a scan of the log to the browser', async () => {
    for (const time of ['window=45d', 'period=2026'])
      expect(textOf(await show(`/?${time}`))).toContain('Other number of days Last days Show Loading… ')
  })

  it('offers calendar periods of its time zone, and names the one in its address', async () => {
    const html = await show('/?board=kb&period=2026-Q3&time_zone=Europe/Berlin')
    const field = /<select id="period".*?<\/select>/s.exec(html)?.[0] ?? ''
    const options = [...field.matchAll(/<option value="([^"]*)"( selected)?>([^<]*)/g)]
    expect(options.map(([, value, chosen, name]) => [value, name, chosen !== undefined])).toEqual([
      ['7d', 'Last 7 days', false],
      ['30d', 'Last 30 days', false],
      ['90d', 'Last 90 days', false],
      ['365d', 'Last 365 days', false],
      ['all', 'All time', false],
      ['2026-10', 'Last month (Oct 2026)', false],
      ['2026-Q3', 'Last quarter (Q3 2026)', true],
      ['2026', 'This year (2026)', false],
      ['2025', 'Last year (2025)', false],
    ])
    expect(html).toContain('<title>Knowledge base, Q3 2026 · Perennial</title>')
    expect(textOf(html)).toContain(', Q3 2026 CSV')
    expect(html).toContain(
      'href="/v1/leaderboards/kb.csv?period=2026-Q3&amp;time_zone=Europe%2FBerlin" download',
    )
  })

  it('the field for periods sends windows, too, and names one that it does not offer', async () => {
    const text = textOf(await show('/?period=30d&board=kb'))
    expect(text).toContain('Knowledge base Edits')
    expect(text).toContain(', last 30 days CSV')
    expect(text).not.toContain('This page ignores')
    expect(await show('/?window=45d')).toContain('<option value="45d" selected>Last 45 days</option>')
    expect(await show('/?period=2026-W47')).toContain(
      '<option value="2026-W47" selected>Week of Nov 16, 2026</option>',
    )
  })

  it.each([
    ['2026', 'en', 'Support forum, 2026'],
    ['2026-10', 'en', 'Support forum, Oct 2026'],
    ['2026-10', 'de', 'Hilfeforum, Okt. 2026'],
    ['2026-Q3', 'de', 'Hilfeforum, Q3 2026'],
    ['2026-W47', 'en', 'Support forum, Week of Nov 16, 2026'],
  ])('names the period %s in the language %s', async (period, language, title) => {
    expect(await show(`/?period=${period}&lang=${language}`)).toContain(`<title>${title} · Perennial</title>`)
  })

  it('says under each heading of numbers what the filters select, with the name of the language', async () => {
    const text = textOf(await show('/?product=firefox&locale=pt-BR'))
    expect(text.match(/ · firefox · Brazilian Portuguese \(pt-BR\)/g)).toHaveLength(3)
    expect(text).toContain(', last 90 days · firefox · Brazilian Portuguese (pt-BR) ')
    expect(textOf(await show('/?locale=de&lang=de'))).toContain(' · Deutsch (de) ')
    expect(textOf(await show('/?locale=qqq'))).toContain(', last 90 days · qqq ')
    expect(textOf(await show('/'))).not.toContain(', last 90 days · ')
  })

  it('reads the entries of a period, and around a user, as the API answers them', async () => {
    const state = parseState('?period=2026&time_zone=Europe/Berlin')
    const window = { from: '2025-12-31T23:00:00.000Z', to: '2026-12-31T23:00:00.000Z' }
    const around = [undefined, 2].map((id) => boardAddress(state, id))
    for (const { path, query } of [wholeBoardAddress(state), ...around])
      expect(await read(path + query)).toMatchObject({ window, total: 3 })
    expect(boardAddress({ ...state, cursor: 'abc' }, undefined).query).toBe(
      '?period=2026&time_zone=Europe%2FBerlin&limit=20&cursor=abc',
    )
  })

  it('leads from a cursor that cannot be read to the first page', async () => {
    const html = await show('/?board=reviews&cursor=bogus')
    expect(html).toMatch(/ href="\/\?board=reviews#leaderboards"[^>]*>First page</)
  })

  it('escapes script in a name, a search and a filter', async () => {
    const search = encodeURIComponent(hostile)
    for (const path of ['/', `/?search=${search}`, `/?product=${search}&locale=${search}`, '/users/1']) {
      const html = await show(path)
      expect(html).not.toContain('<script>alert')
      expect(html).not.toMatch(/="[^"]*<script/)
      expect(html).toContain('&lt;script>alert')
    }
  })

  it('formats numbers and dates in the language of the visitor', async () => {
    expect(textOf(await show('/', { 'accept-language': 'de-DE,de;q=0.9' }))).toContain('20. Nov. 2026')
    expect(textOf(await show('/', { 'accept-language': '*, not a language' }))).toContain('Nov 20, 2026')
  })
})

describe('GET /users/:id', () => {
  it('renders totals, calendar, contributions and code to embed', async () => {
    const html = await show('/users/2')
    const text = textOf(html)
    expect(html).toContain('<title>ana · Perennial</title>')
    expect(text).toContain('All contributions 7 All contributions, All time 7 ')
    expect(text).toContain('Active days 1 Longest streak 1 day Current streak 1 day ')
    expect(text).toContain('All contributions: 7 All time · newest first ')
    expect(html).toContain('https://your-perennial.example/v1/users/2/card.svg')
  })

  it('has headings for the rows of the calendar as a table', async () => {
    const [, table = ''] = (await show('/users/2')).split('<table class="date-table">')
    expect(table).toMatch(
      /<tbody><tr><th scope="row"><span class="date"><a [^>]*>Fri, Nov 20, 2026<\/a><\/span><\/th><td class="numeric">7</,
    )
  })

  it('lists the contributions behind the selected number', async () => {
    const html = await show('/users/2?type=answer&window=30d')
    expect(textOf(html)).toContain('Answers: 7 In the last 30 days · newest first ')
    expect(html.match(/<bdi class="soft" title="questions.answer (\w+)">ID \1<\/bdi>/g)).toHaveLength(7)
  })

  it('lists the contributions of a day, a month or a year, and of a product, with links that lead there', async () => {
    const day = await show('/users/2?period=2026-11-20&locale=')
    expect(textOf(day)).toContain('All contributions: 7 Fri, Nov 20, 2026 (UTC) · No locale · newest first ')
    expect(day).toContain('href="/users/2?type=answer&amp;period=2026-11-20#contributions"')
    const month = await show('/users/2?period=2026-10&product=firefox')
    expect(textOf(month)).toContain('All contributions: 0 Oct 2026 (UTC) · firefox · newest first ')
    expect(textOf(month)).toContain('No matching contributions')
  })

  it('is in German for readers of German, and embeds a German card', async () => {
    const html = await show('/users/2?lang=de&variant=compact')
    expect(textOf(html)).toContain('dabei seit 20. Nov. 2026 · letzter Beitrag am 20. Nov. 2026 ')
    expect(html).toContain('src="/v1/users/2/card.svg?variant=compact&amp;lang=de"')
  })

  it.each(['/users/999', '/users/007', '/users/ana', '/users/9007199254740993'])(
    'GET %s returns 404: No such contributor',
    async (path) => {
      const response = await fetchApi(path, { headers: { accept: 'text/html' } })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await response.text()).toContain('No such contributor')
    },
  )

  it('returns 404 after the user is erased', async () => {
    await send('user.erased', { id: 3 }, noon + 10_000)
    setClock(noon + 20_000)
    expect((await fetchApi('/users/3')).status).toBe(404)
  })
})
