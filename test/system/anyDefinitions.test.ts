import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { languages } from '../../src/definitions/languages.ts'
import { parseDefinitions } from '../../src/definitions/parseDefinitions.ts'
import type { Definitions } from '../../src/definitions/schema.ts'
import { amount } from '../support/form.ts'
import { Oracle, type SentContribution } from '../support/oracle.ts'
import { rulesOf } from '../support/oracleRules.ts'
import type { Json } from '../support/site.ts'
import { cloneProject } from './support/clone.ts'
import { run } from './support/processes.ts'
import type { Server } from './support/server.ts'
import { aMessage, deliver, read, secrets, signedHeaders } from './support/site.ts'

/*
 * The Worker, built with made-up definitions, is told a small story, and every endpoint is compared with brute force by
 * the same definitions.
 */

let clone: string

beforeAll(async () => {
  clone = await cloneProject()
})

afterAll(async () => {
  await rm(clone, { recursive: true })
})

/** Builds and starts the Worker of the clone on a free port of 127.0.0.1. */
const startClone = async (): Promise<Server> => {
  const harness = createTestHarness({
    root: clone,
    workers: [{ configPath: 'wrangler.toml', secrets, vars: { RATE_LIMITS: 'off' } }],
  })
  const { url } = await harness.listen()
  await harness.getWorker().applyD1Migrations('DB')
  return { url: url.origin, close: async () => await harness.close() }
}

/** Names that JavaScript, SQL or the API could mistake for something else, and usual ones. */
const typeNames = [
  'constructor',
  'select',
  'question',
  'position',
  'group',
  'x_9',
  'a'.repeat(32),
  'type',
  'all',
]

const texts = ['Beiträge', '<b>&"', 'a', "it's", '日本語 投稿', 'x'.repeat(40)]
const text = fc.constantFrom(...texts)

const typeOf = (type: string) =>
  fc.record({
    type: fc.constant(type),
    title: text,
    one: text,
    many: text,
    color: fc.constant({ light: '#2f73c4', dark: '#6fa8ee' }),
    needs_parent: fc.boolean(),
  })

const ruleOf = (types: string[]) => ({
  title: text,
  description: text,
  types: fc.subarray(types, { minLength: 1 }),
  counts_self: fc.boolean(),
  locale: fc.constantFrom('any', 'default', 'other'),
})

const definitionsOf = (types: string[]): fc.Arbitrary<Definitions> =>
  fc
    .record({
      site: fc.record({
        name: text,
        default_locale: fc.constantFrom('de', 'en-US'),
        language: fc.constantFrom(...languages),
        logo: fc.constant('favicon.svg'),
        accent: fc.constantFrom({ light: '#1f6b4c', dark: '#7fd0a4' }, { light: '#8a3d0f', dark: '#f0a868' }),
      }),
      types: fc.tuple(...types.map(typeOf)),
      leaderboards: fc
        .uniqueArray(fc.constantFrom('a', 'kb', 'x-1', 'constructor'), { minLength: 1 })
        .chain((names) =>
          fc.tuple(...names.map((board) => fc.record({ board: fc.constant(board), ...ruleOf(types) }))),
        ),
      metrics: fc
        .uniqueArray(fc.constantFrom('m', 'active_contributors', 'valueof'), { minLength: 1 })
        .chain((names) =>
          fc.tuple(
            ...names.map((metric) =>
              fc.record({
                metric: fc.constant(metric),
                ...ruleOf(types),
                min: fc.constantFrom(1, 2),
                window_days: fc.constantFrom(1, 14, 30, 3660),
              }),
            ),
          ),
        ),
      translations: fc.constantFrom({}, { de: {} }),
      links: fc.constantFrom({}, { item: 'https://example.org/{id}?x={id}' }),
      documents: fc.nat(types.length),
    })
    .map(({ documents, types: made, ...rest }) => {
      const numbered = made.map((type, index) =>
        Object.assign({ counts_documents: index === documents }, type),
      )
      const { definitions, issues } = parseDefinitions({ ...rest, types: numbered })
      if (!definitions) throw new Error(JSON.stringify(issues))
      return definitions
    })

const day = 86_400_000

/** What a story's contributions are besides their type and identity. */
const act = fc.record({
  type: fc.nat(),
  user: fc.integer({ min: 1, max: 4 }),
  daysAgo: fc.constantFrom(0.5, 10, 20, 100, 1000),
  parent: fc.constantFrom('1', '2'),
  rest: fc.record({ locale: fc.constantFrom('de', 'en-US', 'fr'), self: fc.boolean() }, { requiredKeys: [] }),
})

const story = fc.record({
  definitions: fc.subarray(typeNames, { minLength: 1, maxLength: 6 }).chain(definitionsOf),
  acts: fc.array(act, { minLength: 8, maxLength: 20 }),
})

const asContributions = (
  { types }: Definitions,
  acts: (typeof act extends fc.Arbitrary<infer Act> ? Act : never)[],
  now: number,
): SentContribution[] =>
  acts.map(({ type, user, daysAgo, parent, rest }, index) => ({
    type: types[type % types.length]?.type ?? '',
    user: { id: user },
    occurred_at: new Date(now - daysAgo * day).toISOString(),
    content: { type: 'item', id: String(index) },
    parent: { type: 'place', id: parent },
    ...rest,
  }))

/** Sends a story and its corrections, and compares every endpoint that counts. */
const compare = async (
  url: string,
  definitions: Definitions,
  contributions: SentContribution[],
  now: number,
): Promise<void> => {
  const timestamp = new Date(now).toISOString()
  const retraction = { content: contributions[0]?.content, reason: 'spam' }
  const messages = [
    { type: 'contribution.created', timestamp, data: contributions },
    { type: 'contribution.retracted', timestamp, data: retraction },
  ]
  for (const { type, data } of messages) await deliver(url, aMessage(type, data, timestamp))
  const oracle = new Oracle(messages, [], rulesOf(definitions))
  const as_of = timestamp
  const spanOf = (days: number) => ({ from: now - days * day, to: now })
  for (const { board } of definitions.leaderboards) {
    const { entries } = await read(url, `/v1/leaderboards/${board}?window=30d&as_of=${as_of}`)
    expect(entries, board).toEqual(oracle.board(board, spanOf(30)))
  }
  for (const { metric, window_days: days, min } of definitions.metrics) {
    const answer = await read(url, `/v1/metrics/${metric}?as_of=${as_of}`)
    expect([answer.value, answer.min], metric).toEqual([oracle.metric(metric, spanOf(days)), min])
  }
  const { metrics } = await read(url, '/v1/metrics')
  expect(metrics.map(({ metric, value }: Json) => [metric, value])).toEqual(
    definitions.metrics.map(({ metric, window_days: days }) => [
      metric,
      oracle.metric(metric, { ...spanOf(days), to: null }),
    ]),
  )
  for (const id of oracle.userIds()) {
    const { as_of: _, position: __, ...user } = await read(url, `/v1/users/${id}?as_of=${as_of}`)
    expect(user).toEqual(oracle.user(id, now, false))
    const { contributions: listed } = await read(url, `/v1/users/${id}/contributions?limit=100`)
    const keyOf = (one: Json): string => `${one.type} ${one.content.id}`
    const every = oracle.listed(id, { from: null, to: null })
    expect(listed.map(keyOf).sort()).toEqual(every.map(keyOf).sort())
    for (const { type } of definitions.types) {
      const of = every.filter((one) => one.type === type)
      const badge = await read(url, `/v1/users/${id}/badge.json?type=${type}`)
      expect(badge.message, type).toBe(String(of.length))
    }
    expect((await read(url, `/v1/users/${id}/calendar?from=2017-01-01&to=2027-01-01`)).total).toBe(
      every.length,
    )
    expect((await fetch(`${url}/v1/users/${id}/card.svg`)).status).toBe(200)
    expect((await fetch(`${url}/users/${id}`)).status).toBe(200)
  }
  const status = await read(url, '/v1/status')
  expect([status.contributions, Object.keys(status.coverage)]).toEqual([
    oracle.effective().length,
    definitions.types.map(({ type }) => type),
  ])
}

/** What a contribution of a type that is not defined is answered with. */
const refusal = async (url: string, data: object): Promise<unknown> => {
  const message = aMessage('contribution.created', { ...data, type: 'undefined_type' })
  const response = await fetch(`${url}/v1/webhooks`, {
    method: 'POST',
    headers: signedHeaders(message),
    body: message.body,
  })
  const { errors }: Json = await response.json()
  return [response.status, errors]
}

it('the numbers of a site with any valid definitions equal brute force by them', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ definitions, acts }) => {
      await writeFile(join(clone, 'definitions.json'), JSON.stringify(definitions))
      const built = await run('npm', ['run', '--silent', 'build'], { cwd: clone })
      expect(built).toEqual({ code: 0, output: '' })
      const server = await startClone()
      try {
        const { as_of: _, position: __, version: ___, ...defined } = await read(server.url, '/v1/definitions')
        // What the site looks like, and its translations, are for pages.
        const { translations: ____, site, ...counted } = definitions
        const { name, default_locale } = site
        expect(defined).toEqual({ ...counted, site: { name, default_locale } })
        const now = Date.now() - 1000
        const contributions = asContributions(definitions, acts, now)
        expect(await refusal(server.url, contributions[0] ?? {})).toEqual([
          422,
          [
            {
              pointer: '/data/type',
              detail: `Cannot use "undefined_type": use one of ${definitions.types.map(({ type }) => type).join(', ')}`,
            },
          ],
        ])
        await compare(server.url, definitions, contributions, now)
        expect((await fetch(`${server.url}/`)).status).toBe(200)
        expect((await fetch(`${server.url}/docs`)).status).toBe(200)
      } finally {
        await server.close()
      }
    }),
    // Each run builds a Worker: a smaller counterexample is not worth the minutes.
    { numRuns: amount(3, 30), seed: inject('seed'), endOnFailure: true },
  )
})
