import { createScheduledController, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { configured, Misconfigured, misconfigurations, type VariableName } from '../../src/configuration.ts'
import { userDirectoryOf } from '../../src/projections/objects.ts'
import worker from '../support/workerWithoutMemory.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { checkResponse } from '../support/checkResponse.ts'
import { aContribution, read, send, sign, token, type Json } from '../support/site.ts'

const good = `whsec_${btoa('a secret of twenty-four b')}`

/** The details that the Worker and the commands report for a bad value. */
const details: Record<VariableName, string> = {
  WEBHOOK_SECRETS:
    'Invalid variable WEBHOOK_SECRETS: use one or more secrets, separated by spaces, each "whsec_" and the base64 of at least 24 random bytes',
  ADMIN_TOKEN:
    'Invalid variable ADMIN_TOKEN: use a token of letters, digits and other ASCII characters, without spaces',
  DEFAULT_LOCALE:
    'Invalid variable DEFAULT_LOCALE: use a locale like "en-US", or "" for the default locale of definitions.json',
  SYSTEM_USER_IDS:
    'Invalid variable SYSTEM_USER_IDS: use user IDs separated by commas, like "9,10", or "" for none',
  RATE_LIMITS: 'Invalid variable RATE_LIMITS: use "on" or "off"',
  PICTURE_ORIGINS:
    'Invalid variable PICTURE_ORIGINS: use at most 10 origins like "https://pictures.example.org", separated by spaces, or "" for none',
  PUBLIC_ORIGIN:
    'Invalid variable PUBLIC_ORIGIN: use an origin like "https://perennial.example.org", or "" for none',
}

const bad: Record<VariableName, unknown[]> = {
  WEBHOOK_SECRETS: [
    undefined,
    '',
    ' ',
    'whsec_',
    'whsec_QQ==',
    'whsec_!!!!',
    `whsec_${btoa('x'.repeat(23))}`,
    `whsec_${'A'.repeat(33)}`,
    `whsec_${btoa('\u00FB'.repeat(32)).replaceAll('+', '-').replaceAll('/', '_')}`,
    `whsec_ ${btoa('x'.repeat(32))}`,
    `v1,${good}`,
    `WHSEC_${good.slice(6)}`,
    good.slice(6),
    `${good} whsec_`,
    `whsec_QQ== ${good}`,
    `${good},${good}`,
    `"${good}"`,
    7,
    [good],
  ],
  ADMIN_TOKEN: [undefined, '', ' ', 'two words', 'tokén', 'line\nbreak', 7],
  DEFAULT_LOCALE: [undefined, ' ', 'en_US', 'english language', 'e', 'en-US ', 7],
  SYSTEM_USER_IDS: [
    undefined,
    '7 42',
    '7;42',
    'x',
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '007',
    '9007199254740992',
    'NaN',
    9999,
    [9],
  ],
  RATE_LIMITS: [undefined, '', 'On', 'true', '1', 'of', false],
  PICTURE_ORIGINS: [
    undefined,
    '*',
    'https:',
    'https://*.example.org',
    'http://pictures.example.org',
    'https://pictures.example.org/',
    'https://PICTURES.example.org',
    'https://pictures.example.org:443',
    'https://pictures.example.org;script-src',
    "'unsafe-inline'",
    'https://a.example,https://b.example',
    Array.from({ length: 11 }, (_, index) => `https://p${index}.example`).join(' '),
    true,
  ],
  PUBLIC_ORIGIN: [
    undefined,
    ' ',
    'perennial.example.org',
    'http://perennial.example.org',
    'https://perennial.example.org/',
    'https://perennial.example.org/stats',
    'https://PERENNIAL.example.org',
    'https://a.example https://b.example',
    'https://"><script>',
    7,
  ],
}

describe('a variable', () => {
  it.each(Object.entries(bad) as [VariableName, unknown[]][])(
    'is reported by name, never by value, if %s is invalid',
    (name, values) => {
      for (const value of values) {
        const given = { ...env, [name]: value }
        expect(() => configured(given, name), String(value)).toThrow(Misconfigured)
        expect(
          misconfigurations(given).map(({ message }) => message),
          String(value),
        ).toEqual([details[name]])
      }
    },
  )

  it('WEBHOOK_SECRETS takes keys of 24 bytes or more, with or without padding, between any white space', () => {
    const keys = configured(
      { WEBHOOK_SECRETS: ` ${good.replace(/=+$/, '')}\n\twhsec_${btoa('x'.repeat(24))} ` },
      'WEBHOOK_SECRETS',
    )
    expect(keys.map((key) => new TextDecoder().decode(key))).toEqual([
      'a secret of twenty-four b',
      'x'.repeat(24),
    ])
  })

  it('SYSTEM_USER_IDS takes IDs between commas, with or without spaces, or none', () => {
    const idsOf = (SYSTEM_USER_IDS: string): number[] => [
      ...configured({ SYSTEM_USER_IDS }, 'SYSTEM_USER_IDS'),
    ]
    expect(idsOf('')).toEqual([])
    expect(idsOf('7')).toEqual([7])
    expect(idsOf(' 7, 42,\n9007199254740991, ')).toEqual([7, 42, 9_007_199_254_740_991])
  })

  it('is valid in the configuration of these tests', () => {
    expect(misconfigurations(env)).toEqual([])
  })
})

const logged: Json[] = []

beforeEach(async () => {
  setClock(noon)
  await freshLog()
  logged.length = 0
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(JSON.parse(String(line))))
})

afterEach(() => vi.restoreAllMocks())

/** The fetch of a Worker with one variable changed. */
const workerWith = (name: VariableName, value: unknown) => {
  const given = { ...env, [name]: value }
  return async (path: string, init?: RequestInit): Promise<Response> => {
    const request = new Request(`https://perennial.example${path}`, init)
    return await checkResponse(
      request,
      await worker.fetch(request as Parameters<typeof worker.fetch>[0], given),
    )
  }
}

type FetchApi = ReturnType<typeof workerWith>

const body = JSON.stringify({
  type: 'contribution.created',
  timestamp: new Date(noon).toISOString(),
  data: aContribution({ user: { id: 7 } }),
})

/** One request of every kind. */
const requests: Record<string, (fetchApi: FetchApi) => Promise<Response>> = {
  webhook: async (fetchApi) => await fetchApi('/v1/webhooks', { method: 'POST', body, headers: sign(body) }),
  operator: async (fetchApi) => await fetchApi('/v1/log', { headers: { authorization: `Bearer ${token}` } }),
  audit: async (fetchApi) =>
    await fetchApi('/v1/audit?users=1', { method: 'POST', headers: { authorization: `Bearer ${token}` } }),
  'board of every locale': async (fetchApi) => await fetchApi('/v1/leaderboards/overall'),
  'board of a locale': async (fetchApi) => await fetchApi('/v1/leaderboards/kb'),
  'past board of other locales': async (fetchApi) =>
    await fetchApi('/v1/leaderboards/l10n?as_of=2026-11-01T00:00:00Z'),
  'metric of every locale': async (fetchApi) => await fetchApi('/v1/metrics/active_contributors'),
  'metric of a locale': async (fetchApi) => await fetchApi('/v1/metrics/kb_contributors'),
  'history of a locale': async (fetchApi) => await fetchApi('/v1/metrics/l10n_contributors/history'),
  'every metric': async (fetchApi) => await fetchApi('/v1/metrics'),
  user: async (fetchApi) => await fetchApi('/v1/users?username=ana'),
  definitions: async (fetchApi) => await fetchApi('/v1/definitions'),
  status: async (fetchApi) => await fetchApi('/v1/status'),
  dashboard: async (fetchApi) => await fetchApi('/'),
  reference: async (fetchApi) => await fetchApi('/docs'),
}

const byLocale = [
  'board of a locale',
  'past board of other locales',
  'metric of a locale',
  'history of a locale',
  'every metric',
]

/** The kinds of request that answer 503 while a variable is invalid. All others are served. */
const needs: Record<VariableName, string[]> = {
  WEBHOOK_SECRETS: ['webhook'],
  ADMIN_TOKEN: ['operator', 'audit'],
  DEFAULT_LOCALE: ['audit', ...byLocale],
  SYSTEM_USER_IDS: ['webhook'],
  RATE_LIMITS: [],
  PICTURE_ORIGINS: [],
  PUBLIC_ORIGIN: [],
}

describe.each(Object.entries(needs) as [VariableName, string[]][])(
  'a Worker with a bad %s',
  (name, refused) => {
    it('answers 503 to what needs it, and serves everything else', async () => {
      const fetchApi = workerWith(name, bad[name][1])
      const statuses: Record<string, number> = {}
      for (const [kind, request] of Object.entries(requests)) {
        const response = await request(fetchApi)
        statuses[kind] = response.status
        const text = await response.text()
        if (response.status !== 503) continue
        expect(response.headers.get('retry-after')).toBe('60')
        expect(JSON.parse(text)).toEqual({
          type: '/problems/unavailable',
          title: 'Service unavailable',
          status: 503,
          detail: details[name],
        })
      }
      const expected = Object.keys(requests).map((kind) => [kind, refused.includes(kind) ? 503 : 200])
      expect(statuses).toEqual(Object.fromEntries(expected))
    })

    it('reports it in /healthz, and logs it once', async () => {
      const fetchApi = workerWith(name, bad[name][1])
      const misconfigured = [{ variable: name, detail: details[name] }]
      for (let time = 1; time <= 2; time += 1) {
        const response = await fetchApi('/healthz')
        expect([response.status, await response.json()]).toEqual([
          200,
          { status: 'misconfigured', position: 0, misconfigured },
        ])
      }
      expect(logged).toEqual([
        { event: 'misconfigured', variable: name, detail: details[name], until: expect.any(String) },
      ])
    })
  },
)

it('DEFAULT_LOCALE replaces the default locale of the definitions', async () => {
  const of = (id: number, locale: string) => ({ type: 'kb_edit', user: { id }, locale })
  await send(
    'contribution.created',
    [of(1, 'en-US'), of(2, 'de')].map((fields) => aContribution(fields)),
    noon,
  )
  const path = `/v1/leaderboards/kb?as_of=${new Date(noon).toISOString()}`
  const first = async (value: string): Promise<unknown> => {
    const { entries }: Json = await (await workerWith('DEFAULT_LOCALE', value)(path)).json()
    return entries.map((entry: Json) => entry.user.id)
  }
  expect([await first(''), await first('en-US'), await first('de'), await first('fr')]).toEqual([
    [1],
    [1],
    [2],
    [],
  ])
})

it('a guessable key never verifies, even beside a good secret', async () => {
  for (const secrets of ['whsec_QQ==', `${good} whsec_QQ==`, `whsec_QQ== ${good}`]) {
    const fetchApi = workerWith('WEBHOOK_SECRETS', secrets)
    for (const key of ['whsec_QQ==', good]) {
      const response = await fetchApi('/v1/webhooks', {
        method: 'POST',
        body,
        headers: sign(body, noon, key),
      })
      expect([response.status, await response.json()]).toMatchObject([
        503,
        { detail: details.WEBHOOK_SECRETS },
      ])
    }
  }
  const { n } = (await env.DB.prepare('SELECT count(*) AS n FROM events').first<{ n: number }>()) ?? {}
  expect(n).toBe(0)
})

it('no Authorization header opens an operator route without a valid ADMIN_TOKEN', async () => {
  for (const value of bad.ADMIN_TOKEN) {
    const fetchApi = workerWith('ADMIN_TOKEN', value)
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer undefined',
      'Bearer null',
      'bearer x',
      'Basic Og==',
      `Bearer ${token}`,
    ]) {
      const response = await fetchApi('/v1/log', { headers: { authorization } })
      expect([response.status, await response.json()], authorization).toMatchObject([
        503,
        { detail: details.ADMIN_TOKEN },
      ])
    }
  }
})

it('a mistyped RATE_LIMITS does not turn limits off', async () => {
  const fetchApi = workerWith('RATE_LIMITS', 'of')
  const headers = { 'cf-connecting-ip': '203.0.113.77', authorization: 'Bearer a-guess' }
  const statuses = new Set<number>()
  for (let count = 0; count < 250; count += 1) statuses.add((await fetchApi('/v1/log', { headers })).status)
  expect([...statuses]).toEqual([401, 429])
})

it('the nightly audit fails with the name of the invalid variable that it needs, after the directory has forgotten erased names', async () => {
  await send('user.updated', { id: 1, username: 'ana' }, noon - 5000)
  await read('/v1/users?search=ana')
  await send('user.erased', { id: 1 }, noon - 4000)
  const controller = createScheduledController({ scheduledTime: new Date(noon), cron: '17 3 * * *' })
  const audit = worker.scheduled(controller, { ...env, DEFAULT_LOCALE: 'en_US' })
  await expect(audit).rejects.toThrow(details.DEFAULT_LOCALE)
  expect(logged).toEqual([
    {
      event: 'misconfigured',
      variable: 'DEFAULT_LOCALE',
      detail: details.DEFAULT_LOCALE,
      until: expect.any(String),
    },
  ])
  const stored = await runInDurableObject(userDirectoryOf(env), (_, { storage }) =>
    storage.sql.exec('SELECT username, profile FROM people').toArray(),
  )
  expect(stored).toEqual([{ username: null, profile: null }])
})
