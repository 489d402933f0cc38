import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findingsIn } from '../../src/pages/status/findings.ts'
import { createFetch } from '../../src/http/router.ts'
import { routes } from '../../src/routes.ts'
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { takeD1Out } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, token } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** The text of a page's main part. */
const textOf = (html: string): string =>
  (html.split('<main')[1] ?? '')
    .split('<script')[0]!
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

const show = async (path = '/status'): Promise<string> => {
  const response = await fetchApi(path, { headers: { accept: 'text/html' } })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return textOf(await response.text())
}

describe('GET /status', () => {
  it('says what to do while the log is empty', async () => {
    const text = await show()
    expect(text).toContain('The service is working The log is empty. The steps below fill it.')
    expect(text).toContain('npm run demo -- --url https://your-perennial.example')
    expect(text).toContain(
      'npm run send -- --url https://your-perennial.example --type question --user 42 --name Ana --content example:1',
    )
    expect(text).toContain('Latest contribution never')
    expect(text).toContain('Questions not declared complete Answers not declared complete')
    expect(text).toContain('No audit has finished yet.')
    expect(text).toContain('npm run audit -- --url https://your-perennial.example')
  })

  it('shows how far the log reaches, how old its latest contribution is, and what was never imported', async () => {
    await send('contribution.created', aContribution())
    await send('coverage.declared', { type: 'question', complete: true })
    setClock(noon + 3 * 60_000)
    const text = await show()
    expect(text).toContain(
      'Position 1 Contributions in the log 1 Earliest contribution Nov 20, 2026 Latest contribution 4 minutes ago',
    )
    expect(text).toContain(
      'Questions complete Answers complete only from Nov 20, 2026 Solutions not declared complete',
    )
    expect(text).toContain(
      'npm run backfill -- history.ndjson --complete answer,solution,kb_edit,kb_review,helpful_vote',
    )
    expect(text).toContain('Older history has not been imported for 5 contribution types.')
    expect(text).not.toContain('First steps')
  })

  it('shows the last audit', async () => {
    await send('contribution.created', aContribution())
    await read('/v1/users/1')
    await audit()
    setClock(noon + 2 * 3_600_000)
    const text = await show()
    expect(text).toContain(
      'and up to 1,000 users, continuing each night after the last user of the night before. Users whose numbers were never requested are skipped.',
    )
    expect(text).toMatch(
      /Last audit .* Finished 2 hours ago Users compared 1 Boards and metrics compared \d+ Differences 0 Last difference never/,
    )
  })

  it('is in German for readers of German', async () => {
    expect(await show('/status?lang=de')).toContain('Der Dienst läuft Das Protokoll ist leer.')
  })

  it('names an invalid variable, but not its value', async () => {
    const fetchPage = createFetch(routes)
    const request = new Request('https://perennial.example/status', { headers: { accept: 'text/html' } })
    const response = await fetchPage(request, { ...env, WEBHOOK_SECRETS: 'hunter2' }, noon)
    const text = textOf(await response.text())
    expect(text).toContain('Something needs attention The variable WEBHOOK_SECRETS is invalid')
    expect(text).not.toContain('hunter2')
  })

  it('says so when the log cannot be read', async () => {
    takeD1Out()
    const text = await show()
    expect(text).toContain('! The service can’t answer at the moment.')
    expect(text).not.toMatch(/✓|The service is working/)
  })

  it('contains neither deliveries nor a token: deliveries need the token', async () => {
    await send('contribution.created', aContribution())
    const html = await (await fetchApi('/status', { headers: { authorization: `Bearer ${token}` } })).text()
    expect(html).not.toContain(token)
    expect(html).not.toMatch(/last_message_at|<form/)
  })
})

describe('findingsIn', () => {
  const coverage = { answer: { complete: true, since: null } }
  const checked = { users: 1, boards: 1, drift: 0, last_drift_at: null }
  const status = {
    as_of: '2026-11-20T12:00:00.000Z',
    position: 2,
    events: 2,
    contributions: 1,
    first_event_at: null,
    last_event_at: null,
    coverage,
    audit: { ...checked, checked_at: '2026-11-20T03:17:00.000Z' },
  }
  const health = { status: 'ok', position: 2 } as const

  it('finds nothing in a service that works', () => {
    expect(findingsIn({ status, health })).toEqual([])
    expect(findingsIn({ status: { ...status, audit: null }, health })).toEqual([])
  })

  it('finds an audit that is more than 26 hours old, and drift', () => {
    const found = (checked_at: string, drift: number) =>
      findingsIn({ status: { ...status, audit: { ...checked, checked_at, drift } }, health })
    expect(found('2026-11-19T10:00:00.000Z', 0)).toEqual([])
    expect(found('2026-11-19T09:59:59.000Z', 3)).toEqual([
      { finding: 'drift', count: 3 },
      { finding: 'audit-late', at: '2026-11-19T09:59:59.000Z' },
    ])
  })
})
