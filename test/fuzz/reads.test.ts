import { env } from 'cloudflare:workers'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { beforeEach, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { boards, metrics } from '../../src/definitions/definitions.ts'
import { isList } from '../../src/http/endpoint.ts'
import { parseQuery } from '../../src/http/route.ts'
import { routes } from '../../src/routes.ts'
import { parseCard } from '../support/card.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'
import { anyText, nastyPaths, nastyStrings } from './support/corpus.ts'
import { expectNoLeak, unexpectedErrors, readProblem, watchErrors, readDatabase } from './support/http.ts'
import { countInputs, fuzz, inForm } from './support/fuzz.ts'
import { isText, types } from './support/messageContract.ts'
import { anyQuery } from './support/queries.ts'
import { parameterNames, parametersOf } from './support/queryContract.ts'

/** A community with names and contents from the corpus. */
beforeEach(async () => {
  watchErrors()
  setClock(noon)
  await freshLog()
  const texts = nastyStrings.filter((text) => isText(text, 128))
  const made = texts.map((text, index) =>
    aContribution({
      type: types[index % types.length],
      user: { id: 1 + (index % 40), username: text, display_name: text },
      content: { type: 'q', id: text },
      parent: { type: 'q', id: text },
      occurred_at: new Date(noon - index * 3_600_000).toISOString(),
      locale: index % 2 === 0 ? 'de' : 'en-US',
      product: index % 3 === 0 ? 'firefox' : null,
    }),
  )
  await send('contribution.created', made, noon)
})

const segment = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 41 }).map(String), weight: 6 },
  { arbitrary: fc.constantFrom(...boards.map(({ board }) => board)), weight: 1 },
  { arbitrary: fc.constantFrom(...metrics.map(({ metric }) => metric)), weight: 1 },
  { arbitrary: anyText(64).map((text) => encodeURIComponent(text.toWellFormed())), weight: 1 },
  { arbitrary: fc.constantFrom('%', '%zz', '%c3%28', '..', ';', '%2f', '%00', '007'), weight: 1 },
)

const fitting: Record<string, fc.Arbitrary<string>> = {
  ':board': fc.constantFrom(...boards.map(({ board }) => board)),
  ':metric': fc.constantFrom(...metrics.map(({ metric }) => metric)),
}

const pathOf = (path: string, asCsv: boolean): fc.Arbitrary<string> => {
  const parts = path.split('/').map((part) => {
    if (!part.startsWith(':')) return fc.constant(part)
    return fc.oneof({ arbitrary: fitting[part] ?? segment, weight: 7 }, { arbitrary: segment, weight: 1 })
  })
  const suffix = fc.constantFrom('', '', '', asCsv ? '.csv' : '', '/')
  return fc.tuple(fc.tuple(...parts), suffix).map(([chosen, end]) => chosen.join('/') + end)
}

const anyHeaders = fc.record(
  {
    accept: fc.constantFrom('*/*', 'text/csv', 'text/html', 'application/json', 'text/csv;q=x', ',;=', 'q=1'),
    'accept-language': fc.constantFrom('de', 'x', '*', 'en-u-nu-thai', 'tlh', '-', 'a'.repeat(9000)),
    'if-none-match': fc.constantFrom('*', 'W/"x"', '"', ',,,', 'W/'),
    authorization: fc.constantFrom(`Bearer ${env.ADMIN_TOKEN}`, 'Bearer x', 'Basic eDp5', 'Bearer', ''),
    'cf-connecting-ip': fc.constantFrom('::1', '1.2.3.4', '999.1.1.1', 'x', "'"),
    range: fc.constant('bytes=0-1'),
  },
  { requiredKeys: [] },
)

const method = fc.oneof(
  { arbitrary: fc.constant('GET'), weight: 12 },
  { arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'), weight: 4 },
)

const gets = routes.filter((route) => route.method === 'GET')

const requests = fc.oneof(
  ...gets.map((route) => {
    const { path } = route
    const names = [...(parametersOf[path]?.keys() ?? parameterNames)]
    const query = anyQuery(names).map((pairs) => new URLSearchParams(pairs).toString())
    const raw = fc.constantFrom('%', '%ff=%fe', '&&', '=', 'limit', '+', 'a=1&'.repeat(2000), '%00=%00')
    return fc.record({
      path: pathOf(path, isList(route)),
      query: fc.oneof({ arbitrary: query, weight: 9 }, { arbitrary: raw, weight: 1 }),
      method,
      headers: anyHeaders,
    })
  }),
)

const decode = async (response: Response): Promise<string> =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await response.arrayBuffer())

/** The strings of the corpus that would be markup in an unescaped page. */
const markup = nastyStrings.filter((text) => /^<[a-z/!?]|^"\s?on/i.test(text))

/** Reads an answer, which must be complete and valid in its format. */
const readWhole = async (response: Response): Promise<void> => {
  const text = await decode(response)
  const type = response.headers.get('content-type') ?? ''
  expectNoLeak(response, text)
  if (text === '') return
  if (type.startsWith('image/svg+xml')) parseCard(text)
  else if (type.startsWith('text/csv')) parse(text, { record_delimiter: '\r\n' })
  else if (type.startsWith('application/json')) JSON.parse(text)
  else if (type.startsWith('application/x-ndjson'))
    text
      .trimEnd()
      .split('\n')
      .forEach((line) => JSON.parse(line))
  else if (type.startsWith('text/html')) {
    const found = markup.filter((piece) => piece.length > 9 && text.includes(piece))
    if (found.length > 0) expect.fail(`A page has ${found.join(' ')} in it unescaped`)
  } else expect.fail(`An answer of the type "${type}"`)
}

const check = async (path: string, init: RequestInit): Promise<number> => {
  const response = await fetchApi(path, init)
  const { status } = response
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  if (isProblem && init.method !== 'HEAD') await readProblem(response)
  else await readWhole(response)
  return status
}

it('every path and query of the corpus is refused with the right status', async (context) => {
  const before = await readDatabase()
  const answers = []
  for (const { path } of nastyPaths) answers.push({ path, status: await check(path, {}) })
  expect(answers).toEqual(nastyPaths)
  expect(await readDatabase()).toBe(before)
  countInputs(context, 'reads', nastyPaths.length)
})

it('only the first 20 parameters of a query are read, however long it is', () => {
  const search = new URLSearchParams('a=1&'.repeat(300_000))
  let read = 0
  const entries = search.entries.bind(search)
  const countedEntries = function* () {
    for (const pair of entries()) {
      read += 1
      yield pair
    }
    return undefined
  }
  search[Symbol.iterator] = countedEntries
  vi.spyOn(search, 'entries').mockImplementation(countedEntries)
  for (const name of ['get', 'getAll', 'has', 'keys', 'values', 'forEach'] as const)
    vi.spyOn(search, name).mockImplementation(() => expect.fail(`search.${name} reads it in another way`))
  expect(parseQuery(z.strictObject({}), search)).toEqual({
    failure: 'invalid-parameter',
    issues: [{ parameter: 'a', detail: 'Cannot use a parameter twice' }],
  })
  expect(read).toBe(20)
})

it('a query of a megabyte is answered like a short one', async () => {
  for (const path of ['/v1/users/1', '/', '/nowhere']) {
    const response = await fetchApi(`${path}?${'a=1&'.repeat(300_000)}`)
    expect(response.status).toBe({ '/v1/users/1': 400, '/': 200 }[path] ?? 404)
    await response.body?.cancel()
  }
})

it('every route answers any request in its own format, without an unexpected error or a write', async (context) => {
  const before = await readDatabase()
  const statuses = new Map<number, number>()
  const property = fc.asyncProperty(requests, async ({ path, query, ...init }) => {
    const status = await check(`${path}?${query}`, init)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    // at_least or a cursor may name a position that the log has not reached.
    const mayWait = /at_least|cursor/.test(query)
    const allowed = [200, 204, 304, 400, 401, 404, 405, ...(mayWait ? [503] : [])]
    if (!allowed.includes(status)) expect.fail(`${init.method} ${path}?${query} answered ${status}`)
  })
  await fuzz(context, 'reads', property, 3000)
  expect(await readDatabase()).toBe(before)
  expect(unexpectedErrors).toEqual([])
  expect(statuses.get(200)).toBeGreaterThan(inForm(300))
  for (const status of [304, 400, 401, 404, 405]) expect(statuses.get(status)).toBeGreaterThan(inForm(5))
})
