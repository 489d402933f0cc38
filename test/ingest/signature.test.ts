import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, read, sign } from '../support/site.ts'

const [newer = '', older = ''] = env.WEBHOOK_SECRETS.split(' ')

const body = (): string =>
  JSON.stringify({
    type: 'contribution.created',
    timestamp: new Date(noon).toISOString(),
    data: aContribution(),
  })

const deliver = async (text: string, headers: Record<string, string>): Promise<Response> =>
  fetchApi('/v1/webhooks', { method: 'POST', body: text, headers })

const without = (headers: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

beforeEach(() => setClock(noon))

describe('an authentic message', () => {
  it.each([
    ['signed with the newest secret', (text: string) => sign(text)],
    ['signed with an older secret', (text: string) => sign(text, noon, older)],
    ['300 s old', (text: string) => sign(text, noon - 300_000)],
    ['60 s ahead', (text: string) => sign(text, noon + 60_000)],
    [
      'with several signatures, one of them right',
      (text: string) => {
        const headers = sign(text)
        const wrong = `v1,${btoa('x'.repeat(32))} v1a,abc v1,%%% v2,zzz`
        return { ...headers, 'webhook-signature': `${wrong} ${headers['webhook-signature']}` }
      },
    ],
  ])('%s is accepted', async (_, headersOf) => {
    const text = body()
    const response = await deliver(text, headersOf(text))
    expect(response.status).toBe(200)
    await response.body?.cancel()
  })
})

describe('a forged or outdated message', () => {
  const unknownSecret = `whsec_${btoa('another secret of thirty-two byte')}`
  const cases: [string, (text: string) => Record<string, string>][] = [
    ['signed with an unknown secret', (text) => sign(text, noon, unknownSecret)],
    ['signed for another body', (text) => sign(`${text} `)],
    ['with another id', (text) => ({ ...sign(text), 'webhook-id': 'msg_other' })],
    ['with another timestamp', (text) => ({ ...sign(text), 'webhook-timestamp': String(noon / 1000 - 1) })],
    ['301 s old', (text) => sign(text, noon - 301_000)],
    ['61 s ahead', (text) => sign(text, noon + 61_000)],
    ['without an id', (text) => without(sign(text), 'webhook-id')],
    ['without a timestamp', (text) => without(sign(text), 'webhook-timestamp')],
    ['without a signature', (text) => without(sign(text), 'webhook-signature')],
    ['with an empty signature', (text) => ({ ...sign(text), 'webhook-signature': '' })],
    ['with a signature that is not base64', (text) => ({ ...sign(text), 'webhook-signature': 'v1,§§§' })],
    ['with a short signature', (text) => ({ ...sign(text), 'webhook-signature': 'v1,AAAA' })],
    [
      'with another spelling of its signature',
      (text) => {
        const headers = sign(text)
        // Two bits of the last character are unused in the base64 of 32 bytes.
        const next = (last: string): string => String.fromCharCode(last.charCodeAt(0) + 1)
        return {
          ...headers,
          'webhook-signature': headers['webhook-signature']?.replace(/.(?==$)/, next) ?? '',
        }
      },
    ],
    [
      'with a signature of an unknown version',
      (text) => {
        const headers = sign(text)
        return { ...headers, 'webhook-signature': headers['webhook-signature']?.replace('v1,', 'v2,') ?? '' }
      },
    ],
    ...['abc', '12abc', '-1', '+1', '1.5', '1e9', '0x10', ' ', '1234567890123', 'NaN'].map(
      (timestamp): [string, (text: string) => Record<string, string>] => [
        `with the timestamp "${timestamp}"`,
        (text) => ({ ...sign(text), 'webhook-timestamp': timestamp }),
      ],
    ),
  ]

  it.each(cases)('%s is refused, without saying why', async (_, headersOf) => {
    const text = body()
    const before = await read('/healthz')
    const response = await deliver(text, headersOf(text))
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: '/problems/invalid-signature',
      title: 'Invalid signature',
      status: 401,
      detail:
        'Cannot verify the message: check the secret, the headers, the clock, and that the body is sent exactly as it was signed',
    })
    expect(await read('/healthz')).toEqual(before)
  })

  it('signed with the first bytes of a secret is refused', async () => {
    const text = body()
    const response = await deliver(text, sign(text, noon, newer.slice(0, 'whsec_'.length + 4)))
    expect(response.status).toBe(401)
    await response.body?.cancel()
  })
})
