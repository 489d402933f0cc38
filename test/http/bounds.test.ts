import { describe, expect, it } from 'vitest'
import { prefers } from '../../src/http/headers.ts'
import { matchesTag } from '../../src/http/headers.ts'
import { languageOf } from '../../src/pages/language.ts'
import { verifySignature } from '../../src/ingest/signedBody.ts'
import { noon } from '../support/clock.ts'
import { configured } from '../../src/configuration.ts'
import { fetchApi, secret, sign, type Json } from '../support/site.ts'

/** A list of `count` elements. */
const list = (element: string, count: number, separator = ','): string =>
  Array.from({ length: count }, () => element).join(separator)

describe('Accept-Language', () => {
  it('is read up to its tenth range', () => {
    expect(languageOf(`${list('xx', 9)},de`)).toBe('de')
    expect(languageOf(`${list('xx', 10)},de`)).toBe('en')
  })

  it('is matched only where it is a well-formed language tag', () => {
    for (const tag of [
      'a',
      '*',
      'de_DE',
      'de--DE',
      'de-',
      'de-a',
      'de-x',
      'de-1',
      'en-us-us',
      'de-1996-1996',
      'de-u-nu-thai',
      `de${'-abcdefgh'.repeat(5)}`,
      'd'.repeat(60_000),
      '1e',
    ])
      expect(languageOf(tag)).toBe('en')
  })

  it.each([
    ['de', 'de'],
    ['de-CH-1996;q=0.9, en;q=0.8', 'de-CH-1996'],
    ['zh-Hant-TW, xx, DE-at ; q=0.5, en', 'de-AT'],
    ['en-GB', 'en-GB'],
    ['fr', 'en'],
    ['deutsch', 'en'],
    [null, 'en'],
  ])('%j selects %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })
})

it('Accept is read up to its twentieth media type', () => {
  expect(prefers(`${list('a/b', 19)},text/csv`, 'text/csv')).toBe(true)
  expect(prefers(`${list('a/b', 20)},text/csv`, 'text/csv')).toBe(false)
  expect(prefers(`a/b${list(';c=d', 15_000, '')},text/csv`, 'text/csv')).toBe(false)
})

it('If-None-Match is read up to its hundredth tag', () => {
  const tag = 'W/"AAAAAAAAAAAAAAAAAAAAAA"'
  expect(matchesTag(`${list('"a"', 99)},${tag}`, tag)).toBe(true)
  expect(matchesTag(`${list('"a"', 100)},${tag}`, tag)).toBe(false)
  expect(matchesTag(`"${'a'.repeat(60_000)}",${tag}`, tag)).toBe(false)
  expect(matchesTag('*,*', tag)).toBe(false)
})

it('webhook-signature is read up to its twentieth signature', async () => {
  const headers = new Headers(sign('{}', noon))
  const signature = headers.get('webhook-signature') ?? ''
  const wrong = `v1,${'A'.repeat(44)}`
  const isValidAfter = async (count: number): Promise<boolean> => {
    headers.set('webhook-signature', `${list(wrong, count, ' ')} ${signature}`)
    return verifySignature(
      headers,
      new TextEncoder().encode('{}'),
      configured({ WEBHOOK_SECRETS: secret }, 'WEBHOOK_SECRETS'),
      noon,
    )
  }
  expect(await isValidAfter(19)).toBe(true)
  expect(await isValidAfter(20)).toBe(false)
})

it('a query is read up to its twentieth parameter, and further ones do not lengthen the problem document', async () => {
  const names = Array.from({ length: 4000 }, (_, index) => `a${index}`)
  const response = await fetchApi(`/v1/users/1?${names.join('&')}`)
  const problem: Json = await response.json()
  expect([response.status, problem.errors]).toEqual([
    400,
    names.slice(0, 20).map((parameter) => ({ parameter, detail: 'Unknown parameter' })),
  ])
  const repeated: Json = await (await fetchApi(`/v1/leaderboards/kb?${list('limit=1', 2000, '&')}`)).json()
  expect(repeated.errors).toEqual([{ parameter: 'limit', detail: 'Cannot use a parameter twice' }])
})

it.each([
  ['time_zone', '/v1/users/1/calendar'],
  ['locale', '/v1/leaderboards/kb'],
  ['product', '/v1/leaderboards/kb'],
  ['window', '/v1/leaderboards/kb'],
  ['cursor', '/v1/leaderboards/kb'],
  ['limit', '/v1/leaderboards/kb'],
  ['at_least', '/v1/leaderboards/kb'],
  ['as_of', '/v1/leaderboards/kb'],
  ['from', '/v1/users/1/calendar'],
  ['type', '/v1/users/1/calendar'],
  ['username', '/v1/users'],
])(
  '%s of 15,000 characters is refused in a short answer that names the parameter',
  async (parameter, path) => {
    for (const value of ['a'.repeat(15_000), 'a/'.repeat(7500), '9'.repeat(15_000), '-'.repeat(15_000)]) {
      const response = await fetchApi(`${path}?${parameter}=${value}`)
      const text = await response.text()
      expect([response.status, JSON.parse(text).errors[0].parameter, text.length < 1000]).toEqual([
        400,
        parameter,
        true,
      ])
    }
  },
)
