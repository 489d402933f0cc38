import { beforeAll, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

const hostile = `<script>alert("1")</script>&'`

const show = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  const response = await fetchApi(path, { headers: { accept: 'text/html', ...headers } })
  expect(response.status).toBe(200)
  return response.text()
}

/** What the page's main part says, as a reader without script would see it. */
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

describe('the dashboard', () => {
  it('comes with the numbers of now in it', async () => {
    const text = textOf(await show('/'))
    expect(text).toContain('Support forum contributors 1')
    expect(text).toContain('Active contributors 4')
    expect(text).toMatch(/1 . .*the first last on Nov 20, 2026 12/)
    expect(text).toContain('log position 25')
  })

  it('shows what its address says', async () => {
    const html = await show('/?metric=kb_contributors&board=kb&window=30d&range=3y')
    const text = textOf(html)
    expect(text).toContain('Knowledge base contributors Users with at least one edit')
    expect(text).toMatch(/omar last on Nov 20, 2026 1/)
    expect(html).toContain('href="/v1/leaderboards/kb.csv?window=30d&amp;limit=20"')
    expect(html).toContain('interval=week&amp;time_zone=UTC"')
  })

  it('narrows every number to a product', async () => {
    const text = textOf(await show('/?product=firefox'))
    expect(text).toContain('Active contributors 1')
    expect(text).toContain('1 contributors in all')
  })

  it('goes to the neighbours of the one user that a search finds', async () => {
    const text = textOf(await show('/?search=OMAR&board=kb'))
    expect(text).toContain('omar has rank 1 of 1, with 1 contributions')
    expect(textOf(await show('/?search=4'))).toContain('omar is not on this board')
  })

  it('lets the reader choose among users of one name, and says when there is none', async () => {
    expect(textOf(await show('/?search=ana'))).toContain('2 contributors are called ana')
    expect(textOf(await show('/?search=nobody'))).toContain('Nobody here is called nobody')
  })

  it('leaves pages and unusual windows, which scan the log, to the browser', async () => {
    expect(textOf(await show('/?window=45d'))).toContain('Reading the log…')
  })

  it('shows script in a name, a search or a filter as text', async () => {
    const search = encodeURIComponent(hostile)
    for (const path of ['/', `/?search=${search}`, `/?product=${search}&locale=${search}`, '/users/1']) {
      const html = await show(path)
      expect(html).not.toContain('<script>alert')
      expect(html).not.toMatch(/="[^"]*<script/)
      expect(html).toContain('&lt;script>alert')
    }
  })

  it('writes numbers and dates in the language of the visitor', async () => {
    expect(textOf(await show('/', { 'accept-language': 'de-DE,de;q=0.9' }))).toContain('20. Nov. 2026')
    expect(textOf(await show('/', { 'accept-language': '*, not a language' }))).toContain('Nov 20, 2026')
  })
})

describe("a user's page", () => {
  it('has totals, days and contributions in it', async () => {
    const html = await show('/users/2')
    const text = textOf(html)
    expect(html).toContain('<title>ana · Perennial</title>')
    expect(text).toContain('All contributions 7')
    expect(text).toContain('Longest streak 1 day')
    expect(text).toContain('All contributions: 7')
    expect(html).toContain('https://your-perennial.example/v1/users/2/card.svg')
  })

  it('lists the contributions behind a number', async () => {
    const html = await show('/users/2?type=answer&window=30d')
    expect(textOf(html)).toContain('Answers: 7 In the last 30 days')
    expect(html.match(/questions\.answer/g)?.length).toBeGreaterThanOrEqual(7)
  })

  it.each(['/users/999', '/users/007', '/users/ana', '/users/9007199254740993'])(
    'says that nobody is at %s',
    async (path) => {
      const response = await fetchApi(path, { headers: { accept: 'text/html' } })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await response.text()).toContain('No such contributor')
    },
  )

  it('is gone when the user is erased', async () => {
    await send('user.erased', { id: 3 }, noon + 10_000)
    setClock(noon + 20_000)
    expect((await fetchApi('/users/3')).status).toBe(404)
  })
})
