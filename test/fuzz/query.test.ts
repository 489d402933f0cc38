import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { isFailure } from '../../src/failure.ts'
import { parseQuery } from '../../src/http/route.ts'
import { routes } from '../../src/routes.ts'
import { parseUserId } from '../../src/contributions/user.ts'
import { anyText } from './support/corpus.ts'
import { fuzz, inForm } from './support/fuzz.ts'
import { anyQuery } from './support/queries.ts'
import { isCertain, parametersOf } from './support/queryContract.ts'

const reads = routes.filter(({ method, path }) => method === 'GET' && /^\/v1\/|^\/healthz/.test(path))
const paths = reads.map(({ path }) => path)

const schemas: Record<string, z.ZodMiniType> = Object.fromEntries(
  reads.flatMap(({ path, endpoint }) => (endpoint ? [[path, endpoint.query] as const] : [])),
)

const writtenDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** A day, or the end of a period. */
const writtenEnd = (end: unknown): string => {
  if (typeof end === 'number') return writtenDay(end)
  const { day, instant } = end as { day?: number; instant?: number }
  return day === undefined ? new Date(Number(instant)).toISOString() : writtenDay(day)
}

/** A value in a notation that a caller could use. */
const written = (name: string, value: unknown): string => {
  if (name === 'as_of') return new Date(Number(value)).toISOString()
  if (name === 'from' || name === 'to') return writtenEnd(value)
  if (name === 'period') return (value as { name: string }).name
  if (name === 'window') return value === null ? 'all' : `${Number(value)}d`
  return String(value)
}

/** The parameters that are invalid by the contract: unknown, repeated, invalid or missing. */
const wrongIn = (path: string, query: [string, string][]): Set<string> => {
  const known = parametersOf[path] ?? new Map<string, (text: string) => unknown>()
  const names = query.map(([name]) => name.toWellFormed())
  const last = new Map(query.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]))
  const wrong = names.filter((name, index) => {
    const meaning = known.get(name)
    return (
      meaning === undefined || names.indexOf(name) !== index || meaning(last.get(name) ?? '') === undefined
    )
  })
  return new Set(wrong)
}

/** Checks a query against the contract. Returns whether it was accepted. */
const check = (path: string, query: [string, string][]): boolean => {
  const schema = schemas[path] ?? z.strictObject({})
  const parsed = parseQuery(schema, new URLSearchParams(query))
  const wrong = wrongIn(path, query)
  if (isFailure(parsed)) {
    const named =
      parsed.failure === 'invalid-parameter' ? parsed.issues.map(({ parameter }) => parameter) : []
    expect(named.sort()).toEqual([...wrong].sort())
    return false
  }
  expect([...wrong]).toEqual([])
  const value = z.record(z.string(), z.unknown()).parse(parsed.value)
  for (const [name, text] of query)
    expect(value[name]).toEqual(parametersOf[path]?.get(name)?.(text.toWellFormed()))
  const again = Object.entries(value).flatMap(([name, held]) =>
    held === undefined ? [] : [[name, written(name, held)]],
  )
  expect(parseQuery(schema, new URLSearchParams(again))).toEqual(parsed)
  return true
}

it('the contract in these tests lists the parameters of every route', () => {
  expect(Object.keys(schemas).sort()).toEqual(paths.toSorted())
  expect(Object.keys(parametersOf).sort()).toEqual(paths.toSorted())
})

it('a query is parsed as the contract says, or refused by the names of its bad parameters', async (context) => {
  let taken = 0
  const each = 3500
  for (const path of paths) {
    const certain = ([name, text]: [string, string]): boolean => isCertain(name, text)
    const queries = anyQuery([...(parametersOf[path]?.keys() ?? [])]).filter((query) => query.every(certain))
    const property = fc.property(queries, (query) => {
      if (check(path, query)) taken += 1
    })
    await fuzz(context, 'queries', property, each)
  }
  expect(taken).toBeGreaterThan((paths.length * inForm(each)) / 5)
  expect(taken).toBeLessThan((paths.length * inForm(each) * 4) / 5)
})

it('a user ID is an integer from 1 to 2^53 - 1 without leading zeros or signs', async (context) => {
  const segments = fc.oneof(
    anyText(16),
    fc.integer().map(String),
    fc.bigInt({ min: 0n, max: 2n ** 54n }).map(String),
    fc.constantFrom('9007199254740991', '9007199254740992', '9007199254740993', '1n', '0x1', '1e1', '١'),
  )
  await fuzz(
    context,
    'path segments',
    fc.property(segments, (segment) => {
      const id = Number(segment)
      const isId = Number.isSafeInteger(id) && id >= 1 && String(id) === segment
      expect(parseUserId(segment)).toBe(isId ? id : undefined)
    }),
    10_000,
  )
})
