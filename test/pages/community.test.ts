import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'
import worker from '../support/workerWithoutMemory.ts'

const hour = 3_600_000
const week = 7 * 24 * hour

/** A product whose name could end the script with the page's data. */
const hostile = `x</script><script>alert(1)</script>`

const show = async (path: string): Promise<string> => {
  const response = await fetchApi(path, { headers: { accept: 'text/html' } })
  expect(response.status).toBe(200)
  return response.text()
}

/** The text of a panel, as a visitor without JavaScript sees it. */
const textOf = (html: string, panel: string): string =>
  (new RegExp(`<section class="panel" id="${panel}".*?</section>`, 's').exec(html)?.[0] ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

beforeAll(async () => {
  // A Friday: the present week began on November 16.
  setClock(noon)
  const at = (weeksAgo: number) => new Date(noon - weeksAgo * week).toISOString()
  const answer = (id: number, weeksAgo: number, fields = {}) =>
    aContribution({ user: { id }, occurred_at: at(weeksAgo), ...fields })
  const inSeamonkey = (day: string, ids: readonly number[]) =>
    ids.map((id) =>
      aContribution({ user: { id }, occurred_at: `${day}T12:00:00.000Z`, product: 'seamonkey' }),
    )
  const seamonkeys = Array.from({ length: 12 }, (_, index) => 101 + index)
  const asked = { type: 'questions.question', id: 'asked' }
  await send('contribution.created', [
    // Active in the week of November 2: 1, 2, 3; of November 9: 1, 2 and the new 4; now: 3, who is back.
    ...[1, 2, 3].map((id) => answer(id, 2)),
    ...[1, 1, 1, 2, 4].map((id) => answer(id, 1, { product: 'firefox' })),
    answer(3, 0),
    // The first years of a product: 12 people, then 9 of them, then 3 of them and a new one.
    ...inSeamonkey('2023-11-15', seamonkeys),
    ...inSeamonkey('2024-05-15', seamonkeys.slice(0, 9)),
    ...inSeamonkey('2025-05-15', [...seamonkeys.slice(0, 3), 113]),
    // Three questions of the week of November 9: answered after an hour, after two days, and never.
    aContribution({ type: 'question', user: { id: 9 }, occurred_at: at(1), content: asked }),
    aContribution({
      type: 'question',
      user: { id: 9 },
      occurred_at: at(1),
      content: { ...asked, id: 'later' },
    }),
    aContribution({
      type: 'question',
      user: { id: 9 },
      occurred_at: at(1),
      content: { ...asked, id: 'never' },
    }),
  ])
  const replies = [
    { parent: asked, occurred_at: new Date(noon - week + hour).toISOString() },
    { parent: { ...asked, id: 'later' }, occurred_at: new Date(noon - week + 48 * hour).toISOString() },
  ]
  await send(
    'contribution.created',
    replies.map((fields) => aContribution({ user: { id: 1 }, product: 'firefox', ...fields })),
  )
  setClock(noon + 10_000)
})

describe('GET /community', () => {
  it('renders the life cycle of the active people, with its table', async () => {
    const text = textOf(await show('/community?intervals=3'), 'active-people')
    expect(text).toContain(
      'People with answers, solutions, article edits, article reviews, or helpful votes.',
    )
    // The means of the weeks of November 2 and 9.
    expect(text).toContain(
      'Averages per week. 2 complete weeks from Nov 2, 2026. Not enough earlier data to compare. Active 3 Returning 1 New 2 Resurrected 0 Dormant 0.5 ',
    )
    expect(text).toContain('3 active Week of Nov 9, 2026 No change the week before: 3')
    expect(text).toContain('Returning 2 New 1 Resurrected 0 Dormant 1 ')
    expect(text).toContain('Date Active Returning New Resurrected Dormant Week of')
    expect(text).toContain('Week of Nov 16, 2026, not over yet 1 0 0 1 3 ')
    expect(text).toContain('Week of Nov 9, 2026 3 2 1 0 1 Week')
    expect(text).toContain('Week of Nov 2, 2026 3 0 3 0 0 ')
  })

  it('says that an activity counts nothing in a locale by definition', async () => {
    const html = await show('/community?rule=kb_contributors&locale=de&intervals=3')
    for (const panel of ['active-people', 'retention', 'concentration'])
      expect(textOf(html, panel)).toContain('Not counted with this filter: only en\u2011US counts here. ')
    expect(textOf(html, 'contributions')).toContain('No matching contributions ')
  })

  it('renders retention as a triangle of shares and numbers', async () => {
    const text = textOf(await show('/community?intervals=3'), 'retention')
    expect(text).toContain('Active 1 week later – fewer than 10 people ')
    expect(text).toContain('Week of People +1 +2 All 4 – – ')
    expect(text).toContain('No share is given of fewer than 10 people.')
    expect(text).toContain('Nov 2, 2026 3 2 1 not over yet ')
    expect(text).toContain('Nov 9, 2026 1 0 not over yet ')
    expect(text).toContain('Nov 16, 2026 0 not over yet ')
  })

  it('renders contributions by type, product and locale', async () => {
    const byType = textOf(await show('/community?intervals=3'), 'contributions')
    expect(byType).toContain(
      '2 complete weeks from Nov 2, 2026. Not enough earlier data to compare. Contributions 13 Per week 6.5 ',
    )
    expect(byType).toContain('By type Contributions Share Answers 10 76.9% Questions 3 23.1% ')
    const byProduct = textOf(await show('/community?intervals=3&split=product'), 'contributions')
    expect(byProduct).toContain('By product Contributions Share firefox 7 53.8% None 6 ')
    expect(byProduct).toContain('Date Contributions firefox None Week of')
    expect(byProduct).toContain('Week of Nov 9, 2026 10 7 3 ')
  })

  it('names the only product that contributions have', async () => {
    const html = await show('/community?intervals=3&split=product&product=firefox')
    const text = textOf(html, 'contributions')
    expect(text).toContain('7 contributions Week of Nov 9, 2026 ')
    expect(text.slice(0, text.indexOf('View as table'))).toContain(' firefox 7 ')
  })

  it('renders how soon questions are answered', async () => {
    const html = await show('/community?intervals=3')
    const text = textOf(html, 'replies')
    // A shade that has enough contrast with a panel: test/system/pages.test.ts measures it.
    expect(/id="replies-chart-3".*?<rect [^>]*fill="([^"]*)"/.exec(html)?.[1]).toBe('var(--fate-3)')
    expect(text).toContain('Not enough earlier data to compare. A question is open')
    expect(text).toContain('Questions 3 Replied within 24 h 33.3% ')
    expect(text).toContain('Replied within 72 h 66.7% ')
    expect(text).toContain('Median wait – fewer than 10 replies per interval, so a median says little ')
    expect(text).toContain('24.5 h median wait of 2 replies Week of Nov 9, 2026 ')
    expect(text).toContain('66.7% replied within 72 h Week of Nov 9, 2026')
    expect(text).toContain('Within 24 h 33.3% 24–72 h 33.3% After 72 h 0% No reply 33.3% ')
    expect(text).toContain('Week of Nov 9, 2026 66.7% 33.3% 33.3% 0% 33.3% 3 0% ')
    expect(text).toContain('Week of Nov 9, 2026 24.5 h 48 h ')
  })

  it('says how much depends on a few', async () => {
    const text = textOf(await show('/community?intervals=3'), 'concentration')
    expect(text).toContain(
      'Week of Nov 9, 2026: of the contributions that count for the selected activity, the ten most active people made 100% , and 1 person made at least half. If this person stopped, half of these contributions would be missing.',
    )
    expect(textOf(await show('/community?intervals=3&lang=de'), 'concentration')).toContain(
      'Woche ab 9. Nov. 2026: Von den Beiträgen, die für die gewählte Aktivität zählen, stammen 100 % von den zehn Aktivsten und mindestens die Hälfte von 1 Person . Hörte sie auf, fehlte die Hälfte dieser Beiträge.',
    )
    expect(text).toContain('1 person made half Week of Nov 9, 2026 ▾ −1 (−50%) the week before: 2')
  })

  it('leaves out the years before the first contribution, and says that the log begins in the first year, which is not complete', async () => {
    const html = await show('/community?interval=year&product=seamonkey')
    const people = textOf(html, 'active-people')
    expect(people).toContain(
      'Averages per year. 2 complete years from Jan 1, 2024. Not enough earlier data to compare. Active 6.5 Returning 6 New 0.5 Resurrected 0 Dormant 4.5 ',
    )
    expect(people).toContain(
      '2026, not over yet 0 0 0 0 4 2025 4 3 1 0 6 2024 9 9 0 0 3 2023, log begins on Nov 15, 2023 12 0 12 0 0 Scroll sideways for more columns. New people',
    )
    const contributions = textOf(html, 'contributions')
    expect(contributions).toContain(
      '2 complete years from Jan 1, 2024. Not enough earlier data to compare. Contributions 13 ',
    )
    expect(contributions).toContain('Per year 6.5 ')
    const retention = textOf(html, 'retention')
    expect(retention).toContain(
      'Not enough earlier data to compare. Active 1 year later 75% Active 2 years later 25% For the people ', // no cohort of 3 years ago is over
    )
    expect(retention).toContain('Began People +1 +2 +3 All 13 75% 9 of 12 25% 3 of 12 – ')
    expect(retention).toContain(' 2023 log begins on Nov 15, 2023 12 75% 9 25% 3 0% 0 not over yet 2024 0 ')
    expect(textOf(html, 'concentration')).toContain(
      '2 complete years from Jan 1, 2024. Not enough earlier data to compare. ',
    )
  })

  it('compares with years since the first contribution, and shows every year of a chosen range', async () => {
    const year = (from: number, last: number) =>
      show(`/community?interval=year&product=seamonkey&from=${from}-01-01&last=${last}-12-31`)
    const compared = await year(2025, 2025)
    expect(textOf(compared, 'active-people')).toContain(
      '1 complete year from Jan 1, 2025, compared with the same number before, from Jan 1, 2024. Changes are computed before rounding. Active 4 ▾ −5 (−56%) before: 9',
    )
    expect(textOf(compared, 'contributions')).toContain('Change Answers 4 100% ▾ −5 (−56%) before: 9')
    expect(textOf(compared, 'retention')).toContain(
      'All cohorts in this table, compared with the same number of cohorts before them.',
    )
    const whole = await year(2022, 2025)
    expect(textOf(whole, 'active-people')).toContain(
      '2 complete years from Jan 1, 2024. Not enough earlier data to compare.',
    )
    expect(textOf(whole, 'active-people')).toContain(
      '2023, log begins on Nov 15, 2023 12 0 12 0 0 2022, log begins on Nov 15, 2023 0 0 0 0 0 ',
    )
    expect(textOf(whole, 'retention')).toContain(' +3 All 13 ')
  })

  it('shows the filters, the interval and the range in its address', async () => {
    const html = await show(
      '/community?interval=month&from=2026-10-15&last=2026-11-02&product=firefox&rule=kb_contributors',
    )
    expect(html).toContain(
      'href="/v1/community.csv?rule=kb_contributors&amp;from=2026-10-01&amp;to=2026-12-01&amp;interval=month&amp;time_zone=UTC&amp;product=firefox" download',
    )
    expect(html).toContain(
      'href="/v1/volume.csv?group_by=type&amp;from=2026-10-01&amp;to=2026-12-01&amp;interval=month&amp;time_zone=UTC&amp;product=firefox" download',
    )
    expect(textOf(html, 'active-people')).toContain('No matching contributions')
    expect(textOf(html, 'contributions')).toContain('Nov 2026, not over yet 7 Oct 2026 0 ')
  })

  it('says why there is no table when there are more cohorts than the API gives', async () => {
    const text = textOf(await show('/community?intervals=61'), 'retention')
    expect(text).toContain('This table has at most 60 intervals: choose a longer interval or a shorter range')
    expect(textOf(await show('/community?intervals=60'), 'retention')).toContain(
      'Nov 9, 2026 1 0 not over yet ',
    )
  })

  it('says what is missing without JavaScript', async () => {
    const notes = [...(await show('/community')).matchAll(/<noscript>(.*?)<\/noscript>/g)].map(
      ([, note]) => note,
    )
    expect(notes.join()).toContain(
      'Without JavaScript, charts show the numbers of their last complete bar only',
    )
  })

  it('escapes script in a filter', async () => {
    const html = await show(
      `/community?product=${encodeURIComponent(hostile)}&group=${encodeURIComponent(hostile)}`,
    )
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('&lt;script>alert')
  })

  it('redirects to its address without unknown parameters', async () => {
    const response = await fetchApi('/community?utm_source=mail&interval=month', { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([308, '/community?interval=month'])
  })

  it('is in German for a German reader', async () => {
    const html = await show('/community?lang=de&intervals=3')
    expect(textOf(html, 'active-people')).toContain(
      '2 vollständige Wochen ab dem 2. Nov. 2026. Zum Vergleich fehlen frühere Daten. Aktiv 3 ',
    )
    expect(textOf(html, 'active-people')).toContain('Woche ab 9. Nov. 2026 3 2 1 0 1 ')
    expect(textOf(html, 'retention')).toContain('Aktiv 1 Woche später – weniger als 10 Personen ')
  })
})

it('GET /community links from every page, and names itself there', async () => {
  for (const path of ['/', '/users/1', '/docs', '/problems', '/community']) {
    const html = await show(path)
    expect([path, /<a href="\/community"( aria-current="page")?>Community<\/a>/.exec(html)?.[1]]).toEqual([
      path,
      path === '/community' ? ' aria-current="page"' : undefined,
    ])
  }
})

it('GET /community leaves numbers that the log cannot give at once to the browser', async () => {
  const fail = () => {
    throw Object.assign(new Error('Durable Object is overloaded'), { overloaded: true, retryable: true })
  }
  const objects = { getByName: () => new Proxy({}, { get: () => fail }) } as never
  const failing = { ...env, LOG_SCANS: objects, LOG_COLUMNS: objects }
  const request = new Request('https://perennial.example/community?intervals=5')
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], failing)
  expect(response.status).toBe(200)
  const html = await response.text()
  for (const panel of ['active-people', 'retention', 'contributions', 'replies', 'concentration'])
    expect(textOf(html, panel)).toMatch(
      /Loading… Enable JavaScript to see these numbers, or download the CSV \./,
    )
})
