import { createHmac } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parseHeaders } from '../../src/cli/send/check/capture.ts'
import { diagnose } from '../../src/cli/send/check/diagnose.ts'
import { parseWorkerUrl } from '../../src/cli/platform/workerUrl.ts'
import { messageOf, parsers } from '../../src/cli/send/contribution.ts'
import { amount } from '../support/form.ts'
import { runCommand, type CommandRun } from './support/commands.ts'
import { scratchDirectory } from './support/processes.ts'
import { startServer, type Server } from './support/server.ts'
import { read, secrets } from './support/site.ts'

let server: Server
let directory: string

beforeAll(async () => {
  ;[server, directory] = await Promise.all([startServer(), scratchDirectory()])
})

afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

const send = async (...args: string[]): Promise<CommandRun> =>
  await runCommand('send', ['--url', server.url, '--env-file', '.dev.vars.example', ...args])

const anAnswer = ['--type', 'answer', '--user', '42', '--name', 'Ana', '--content', 'questions.answer:17']
const facts = ['--locale', 'en-US', '--product', 'firefox', '--parent', 'questions.question:16', '--self']
const at = ['--occurred-at', '2026-03-01T12:00:00+01:00']

const occurredAt = '2026-03-01T11:00:00.000Z'
const answerOf = ({ stdout }: CommandRun): unknown => JSON.parse(stdout.split('\n')[1] ?? '')

describe('npm run send', () => {
  it('records a contribution with every fact given, and prints the answer and where to look', async () => {
    const run = await send(...anAnswer, ...facts, ...at)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout.split('\n')[0]).toBe('Recorded at log position 1')
    expect(answerOf(run)).toEqual({
      position: 1,
      recorded: 1,
      duplicate: 0,
      conflict: 0,
      ignored: 0,
      results: [{ index: 0, status: 'recorded', position: 1 }],
    })
    const addresses = [...run.stdout.matchAll(/^ {2}(\S+) /gm)].map(([, address = '']) => address)
    const user = `${server.url}/v1/users/42`
    expect(addresses).toEqual([`${server.url}/users/42`, `${user}?at_least=1`, `${user}/contributions`])
    const page = await fetch(addresses[0] ?? '')
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Ana')])
    const profile = await read(server.url, '/v1/users/42?at_least=1')
    expect(profile).toMatchObject({
      user: { id: 42, username: null, display_name: 'Ana' },
      lifetime: { total: 1, answer: 1 },
    })
    const { contributions } = await read(server.url, '/v1/users/42/contributions')
    expect(contributions).toMatchObject([
      {
        type: 'answer',
        occurred_at: occurredAt,
        content: { type: 'questions.answer', id: '17' },
        parent: { type: 'questions.question', id: '16' },
        locale: 'en-US',
        product: 'firefox',
        self: true,
        position: 1,
      },
    ])
  })

  it('says that a repetition is a duplicate, and that the same content with other facts is a conflict', async () => {
    const again = await send(...anAnswer, ...facts, ...at)
    expect([again.code, again.stdout.split('\n')[0]]).toEqual([
      0,
      'Already recorded at log position 1: nothing has changed',
    ])
    const later = await send(...anAnswer)
    expect(later.code).toBe(0)
    expect(later.stdout).toMatch(
      /^Not recorded: a contribution with the same type and content but other facts is at log position 1, and the one recorded first stands\. To send another contribution, use another --content\. To send the same one again, use the --occurred-at of the first attempt \(this attempt used 20\S+Z\)\n/,
    )
    expect((await read(server.url, '/v1/status')).events).toBe(1)
  })

  it('exits with 2 when it is misused, and says what to use', async () => {
    const misused: [args: string[], says: string][] = [
      [
        [],
        'Missing --type, --user and --content. For example: npm run send -- --type answer --user 42 --name Ana --content questions.answer:17\n',
      ],
      [
        ['--type', 'anwser'],
        "error: option '--type <type>' argument 'anwser' is invalid. Use one of question, answer, solution, kb_edit, kb_review, helpful_vote.\n",
      ],
      [['--check', '--self'], "error: option '--check' cannot be used with option '--self'\n"],
      [['--check'], '--check needs the captured request: --headers FILE and --body FILE\n'],
    ]
    for (const [args, stderr] of misused)
      expect(await runCommand('send', args)).toEqual({ code: 2, stdout: '', stderr })
  })

  it('checks the value of every option by the rules of the webhook', () => {
    const use = (parse: () => unknown): string => {
      try {
        return JSON.stringify(parse())
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }
    }
    for (const id of ['ana', '0x2A', '4e1', '042', '42.0', ' 42', '', '9007199254740993'])
      expect(
        use(() => parsers.user(id)),
        id,
      ).toBe('Use an integer from 1 to 9007199254740991.')
    expect(use(() => parsers.user('42'))).toBe('42')
    expect(use(() => parsers.content('17'))).toBe('Use TYPE:ID, like questions.answer:17.')
    expect(use(() => parsers.content('Questions:17'))).toBe('Use 1 to 64 of a-z, 0-9, "_" and ".".')
    expect(use(() => parsers.parent('a:b:c'))).toBe('{"type":"a","id":"b:c"}')
    expect(use(() => parsers.name(''))).toBe(
      'Use 1 to 254 characters of well-formed Unicode, none of them a control character.',
    )
    for (const url of [
      'http://stats.example.org',
      'https://a@stats.example.org',
      'https://stats.example.org/stats',
      'https://stats.example.org/?a',
      'https://stats.example.org/#a',
    ])
      expect(
        use(() => parseWorkerUrl(url)),
        url,
      ).toBe('Use an address like https://stats.example.org, without a path.')
    for (const url of ['https://stats.example.org', 'http://127.0.0.1:8787/'])
      expect(parseWorkerUrl(url).origin).toBe(new URL(url).origin)
    const answer = { type: 'answer', user: 42, content: { type: 'questions.answer', id: '17' } }
    expect(use(() => messageOf({ ...answer, occurredAt: Date.UTC(1999, 11, 31) }, Date.now()))).toBe(
      'Invalid --occurred-at: Cannot use 1999-12-31T00:00:00.000Z: use 2000-01-01T00:00:00Z or later',
    )
  })

  it('prints a signed request with --dry-run and sends nothing; --check and the Worker both accept its signature', async () => {
    const events = async (): Promise<number> => (await read(server.url, '/v1/status')).events
    const before = await events()
    const dry = await send(
      '--dry-run',
      '--type',
      'answer',
      '--user',
      '7',
      '--content',
      'questions.answer:a:b',
    )
    expect([dry.code, dry.stderr, await events()]).toEqual([0, 'Dry run: nothing was sent\n', before])
    const [head = '', body = ''] = dry.stdout.split('\n\n')
    await writeFile(join(directory, 'headers'), head)
    await writeFile(join(directory, 'body'), body.trimEnd())
    const files = ['--headers', join(directory, 'headers'), '--body', join(directory, 'body')]
    const checked = await send('--check', ...files)
    expect(checked.code, checked.stdout + checked.stderr).toBe(0)
    expect(checked.stdout).toMatch(/^The signature is valid for the secrets in \S+\.dev\.vars\.example\n/)

    const stale = await send('--check', ...files, '--received-at', '2030-01-01T00:00:00Z')
    expect([stale.code, stale.stderr]).toEqual([1, ''])
    expect(stale.stdout).toMatch(
      /^The signature is valid for .*\nThe timestamp is [\d,]+ s old, and at most 300 s are/,
    )

    const headers = [...parseHeaders(head)].filter(([name]) => !name.startsWith('post'))
    const response = await fetch(`${server.url}/v1/webhooks`, {
      method: 'POST',
      headers,
      body: body.trimEnd(),
    })
    expect(await response.json()).toMatchObject({ recorded: 1 })
    expect((await read(server.url, '/v1/users/7/contributions')).contributions).toMatchObject([
      { content: { type: 'questions.answer', id: 'a:b' } },
    ])
  })

  it('says when no Worker answers, and when the Worker has other secrets', async () => {
    const nobody = await send(...anAnswer, '--url', 'http://127.0.0.1:1')
    expect(nobody).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'No Worker answers at http://127.0.0.1:1: run npm start -- --port 1 in another terminal first, or give its address with --url\n',
    })
    const file = join(directory, 'vars')
    await writeFile(file, 'WEBHOOK_SECRETS="whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYnl0ZXM="\n')
    const other = await send(...anAnswer, '--env-file', file)
    expect(other).toEqual({
      code: 1,
      stdout: '',
      stderr: `The Worker at ${server.url} does not accept the signature: name the file with its WEBHOOK_SECRETS with --env-file, and check this machine's clock\n`,
    })
  })
})

/*
 * Requests with the mistakes that senders make. Each is built here from nothing but node:crypto, the Worker has to refuse it,
 * and the diagnosis has to name the mistake.
 */

const secret = secrets.WEBHOOK_SECRETS
const base64 = secret.slice('whsec_'.length)
const body = `{"type":"contribution.created","timestamp":"2026-03-01T11:00:00.000Z","data":{"user":{"id":3,"username":"Zoë <z>"},"type":"answer","occurred_at":"2026-03-01T11:00:00.000Z","content":{"type":"questions.answer","id":"a/b"}}}`

interface Sent {
  key: string | Buffer
  id: string
  /** Unix seconds, now. */
  timestamp: string
  /** What is signed; without it, what the specification says, over `signedBody`. */
  signed: (id: string, timestamp: string, body: string) => string
  signedBody: string | Buffer
  sentBody: string | Buffer
  encode: (digest: Buffer) => string
  headers: (headers: Record<string, string>) => Record<string, string>
}

const right: Omit<Sent, 'timestamp'> = {
  key: Buffer.from(base64, 'base64'),
  id: 'msg_2b9f',
  signed: (id, timestamp, signedBody) => `${id}.${timestamp}.${signedBody}`,
  signedBody: body,
  sentBody: body,
  encode: (digest) => `v1,${digest.toString('base64')}`,
  headers: (headers) => headers,
}

const build = (mistake: Partial<Sent>) => {
  const sent = { ...right, timestamp: String(Math.floor(Date.now() / 1000)), ...mistake }
  const binary = Buffer.from(sent.signedBody).toString('latin1')
  const signed = Buffer.from(sent.signed(sent.id, sent.timestamp, binary), 'latin1')
  const signature = sent.encode(createHmac('sha256', sent.key).update(signed).digest())
  const headers = sent.headers({
    'content-type': 'application/json',
    'webhook-id': sent.id,
    'webhook-timestamp': sent.timestamp,
    'webhook-signature': signature,
  })
  return { headers, body: Buffer.from(sent.sentBody) }
}

const should = 'sign {webhook-id}.{webhook-timestamp}.{body}'
const differently = (how: string): string =>
  `The signature is for the same JSON written differently (${how}): something parsed the body and serialized it again after it was signed. Sign exactly the bytes that are sent`
const form = 'Write "v1," before each signature, and one space between signatures'

/** Python's json.dumps without options. */
const spaced =
  '{"type": "contribution.created", "timestamp": "2026-03-01T11:00:00.000Z", "data": {"user": {"id": 3, "username": "Zo\\u00eb <z>"}, "type": "answer", "occurred_at": "2026-03-01T11:00:00.000Z", "content": {"type": "questions.answer", "id": "a/b"}}}'

type Mistake = [title: string, mistake: Partial<Sent>, ...faults: string[]]

const keys: Mistake[] = [
  [
    'the whole secret as text',
    { key: secret },
    'The HMAC key is the text of the secret: remove "whsec_", and decode the rest from base64',
  ],
  [
    'its base64 as text',
    { key: base64 },
    'The HMAC key is the base64 text of the secret: decode it from base64',
  ],
  [
    'a secret decoded with its prefix by Node',
    { key: Buffer.from(secret, 'base64') },
    'The HMAC key was decoded with "whsec_" in front of the base64: remove "whsec_" first',
  ],
  [
    'a secret decoded with its prefix by Python, which skips the underscore',
    { key: Buffer.from(`whsec${base64}`, 'base64') },
    'The HMAC key was decoded with "whsec_" in front of the base64: remove "whsec_" first',
  ],
  [
    'the text of a secret with a newline',
    { key: `${secret}\n` },
    'The HMAC key is the text of the secret and a newline: remove "whsec_" and the newline, and decode the rest from base64',
  ],
]

const parts: Mistake[] = [
  [
    'the ID and the timestamp swapped in what is signed',
    { signed: (id, timestamp, signedBody) => `${timestamp}.${id}.${signedBody}` },
    `The ID and the timestamp are swapped, in the headers or in what is signed: ${should}`,
  ],
  [
    'only the body',
    { signed: (_id, _timestamp, signedBody) => signedBody },
    `Only the body is signed: ${should}`,
  ],
  [
    'no ID',
    { signed: (_id, timestamp, signedBody) => `${timestamp}.${signedBody}` },
    `The ID is not signed: ${should}`,
  ],
  [
    'no timestamp',
    { signed: (id, _timestamp, signedBody) => `${id}.${signedBody}` },
    `The timestamp is not signed: ${should}`,
  ],
  [
    'no dots',
    { signed: (id, timestamp, signedBody) => `${id}${timestamp}${signedBody}` },
    `The parts are signed without dots between them: ${should}`,
  ],
  [
    'a newline at the end of what is signed',
    { signed: (id, timestamp, signedBody) => `${id}.${timestamp}.${signedBody}\n` },
    'The signature is for the body with a newline at its end. Sign exactly the bytes that are sent',
  ],
]

const bodies: Mistake[] = [
  [
    'a newline added after signing',
    { sentBody: `${body}\n` },
    'The signature is for the body without the white space at its end, such as a newline. Sign exactly the bytes that are sent. If the capture added it, remove it from the file',
  ],
  [
    'CR LF in place of LF',
    { signedBody: body.replaceAll(',', ',\n'), sentBody: body.replaceAll(',', ',\r\n') },
    'The signature is for the body with LF in place of CR LF: something changed the line endings after it was signed',
  ],
  [
    'LF in place of CR LF',
    { signedBody: body.replaceAll(',', ',\r\n'), sentBody: body.replaceAll(',', ',\n') },
    'The signature is for the body with CR LF in place of LF: something changed the line endings after it was signed',
  ],
  [
    'JSON of Python signed, and sent again by another library',
    { signedBody: spaced },
    differently('with a space after each colon and comma, non-ASCII characters as \\u…'),
  ],
  ['compact JSON signed, and sent by Python', { sentBody: spaced }, differently('without spaces')],
  [
    'JSON of PHP signed, and sent again by another library',
    { signedBody: body.replace('a/b', 'a\\/b').replace('ë', '\\u00eb') },
    differently('without spaces, slashes as \\/ and non-ASCII characters as \\u…'),
  ],
  [
    'indented JSON',
    { signedBody: JSON.stringify(JSON.parse(body), undefined, 4) },
    differently('indented by 4'),
  ],
  [
    'JSON with sorted keys',
    {
      signedBody: JSON.stringify({
        data: {
          content: { id: 'a/b', type: 'questions.answer' },
          occurred_at: occurredAt,
          type: 'answer',
          user: { id: 3, username: 'Zoë <z>' },
        },
        timestamp: occurredAt,
        type: 'contribution.created',
      }),
    },
    differently('without spaces, its keys sorted'),
  ],
  [
    'JSON of Rails',
    { signedBody: body.replace('<', '\\u003c').replace('>', '\\u003e') },
    differently('without spaces, <, > and & as \\u…'),
  ],
  [
    'an object in place of its JSON',
    { signedBody: '[object Object]' },
    'The signature is for "[object Object]": sign the JSON text that is sent, not the object',
  ],
  [
    'bytes in a formatted string of Python',
    { signedBody: `b'${body}'` },
    "The signature is for the body as Python prints bytes, b'…': join bytes, not a formatted string",
  ],
  [
    'nothing',
    { signedBody: '' },
    'The signature is for an empty body: sign once the body is complete, and before anything consumes its stream',
  ],
  [
    'UTF-8, but Latin-1 was sent',
    { sentBody: Buffer.from(body, 'latin1') },
    'The signature is for the body in UTF-8, but it was sent in Latin-1: send the bytes that were signed',
  ],
  [
    'another body',
    { sentBody: body.replace('"id":3', '"id":4') },
    expect.stringMatching(
      /^No secret gives this signature, neither for the body as it arrived nor for its usual changes\. Either the sender has another secret, or the body was changed on the way\. Compare the body that was signed with the one that arrived, which has 2\d\d bytes and the SHA-256 [0-9a-f]{64}$/,
    ),
  ],
]

const encodings: Mistake[] = [
  [
    'hexadecimal',
    { encode: (digest) => `v1,${digest.toString('hex')}` },
    'The signature is in hexadecimal: write it in base64',
  ],
  [
    'base64url',
    { encode: (digest) => `v1,${digest.toString('base64url')}` },
    expect.stringMatching(/^The signature (?:is in base64url|lacks the "=" at its end): /),
  ],
  [
    'base64 of the hexadecimal digits',
    { encode: (digest) => `v1,${Buffer.from(digest.toString('hex')).toString('base64')}` },
    'The signature is the base64 of its hexadecimal digits: write its 32 bytes in base64',
  ],
  ['base64 without a version', { encode: (digest) => digest.toString('base64') }, form],
  [
    'the form of GitHub',
    { encode: (digest) => `sha256=${digest.toString('hex')}` },
    `${form}. The signature is in hexadecimal: write it in base64`,
  ],
  [
    'a comma between two signatures',
    { encode: (digest) => `v1,${'A'.repeat(43)}=,v1,${digest.toString('base64')}` },
    form,
  ],
]

const headers: Mistake[] = [
  [
    'no headers but one',
    { headers: ({ 'webhook-signature': signature = '' }) => ({ 'webhook-signature': signature }) },
    'The header webhook-id is missing: send an ID of the message, the same at each attempt',
    'The header webhook-timestamp is missing: send the unix time in seconds',
  ],
  [
    'no signature',
    { headers: (given) => ({ ...given, 'webhook-signature': '' }) },
    'The header webhook-signature is missing: send "v1," and the base64 of the HMAC-SHA256',
  ],
  [
    'a timestamp in milliseconds',
    { timestamp: String(Date.now()) },
    'The timestamp is in milliseconds: divide it by 1,000, and round down',
  ],
  [
    'a timestamp in RFC 3339',
    { timestamp: occurredAt },
    'The timestamp is not Unix time: send whole seconds, in digits only',
  ],
  [
    'the ID and the timestamp in each other’s headers',
    {
      headers: ({ 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', ...others }) => ({
        ...others,
        'webhook-id': timestamp,
        'webhook-timestamp': id,
      }),
    },
    `The ID and the timestamp are swapped, in the headers or in what is signed: ${should}`,
    'The timestamp is not Unix time: send whole seconds, in digits only',
  ],
  [
    'the secret as the signature',
    { encode: () => `v1,${base64}` },
    'The header webhook-signature contains the secret: replace the secret, because it was sent over the network',
  ],
]

const faultsOf = (
  request: { headers: Record<string, string>; body: Buffer },
  accepted = [secret],
): string[] => {
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const captured = { headers: parseHeaders(lines.join('')), body: request.body }
  const { clock, signature } = diagnose(captured, { accepted, published: [secret] }, Date.now())
  return [...signature, ...clock]
}

it.each<Mistake>([...keys, ...parts, ...bodies, ...encodings, ...headers])(
  'npm run send -- --check agrees with the Worker about this mistake, and quotes no secret: %s',
  async (_title, mistake, ...faults) => {
    const request = build(mistake)
    const found = faultsOf(request)
    expect(found).toEqual(faults)
    expect(found.join()).not.toContain(base64)
    const response = await fetch(`${server.url}/v1/webhooks`, { method: 'POST', ...request })
    await response.body?.cancel()
    expect(response.status === 401).toBe(found.length > 0)
  },
)

/** Headers with the right signature, `good`, or with others beside it. */
const signatureHeaders: ((good: string) => string)[] = [
  (good) => good,
  (good) => `v1,${'A'.repeat(43)}= ${good}`,
  (good) => `${'v1,x '.repeat(19)}${good}`,
  (good) => `${'v1,x '.repeat(20)}${good}`, // The Worker reads the first 20.
  (good) => `${good},v1,x`,
  (good) => ` ${good} `,
  (good) => good.replace('v1', 'v2'),
  (good) => good.replace('v1,', 'v1, '),
  (good) => good.slice(0, -1),
  (good) => good.toLowerCase(),
]

it('npm run send -- --check finds a fault in exactly the random requests that the Worker answers with 401', async () => {
  const requests = fc.record({
    id: fc.stringMatching(/^[!-~]{0,20}$/),
    /** Far from the limits, because time passes on the way. */
    age: fc.constantFrom(-1000, -200, 0, 0, 0, 30, 1000),
    signedBody: fc.oneof(fc.json(), fc.string({ unit: 'binary' })),
    change: fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text,
      (text) => `${text} `,
      (text) => text.slice(1),
    ),
    header: fc.constantFrom(...signatureHeaders),
  })
  const answers = new Set<string>()
  await fc.assert(
    fc.asyncProperty(requests, async ({ id, age, signedBody, change, header }) => {
      const timestamp = String(Math.floor(Date.now() / 1000) + age)
      const encode = (digest: Buffer): string => header(right.encode(digest))
      const request = build({ id, timestamp, signedBody, sentBody: change(signedBody), encode })
      const response = await fetch(`${server.url}/v1/webhooks`, { method: 'POST', ...request })
      await response.body?.cancel()
      expect(faultsOf(request).length > 0).toBe(response.status === 401)
      answers.add(response.status === 401 ? 'refused' : 'verified')
    }),
    { numRuns: amount(40, 600), seed: inject('seed') },
  )
  expect(answers).toEqual(new Set(['refused', 'verified']))
})

it('npm run send -- --check names every mistake of a request that has several', () => {
  const [[, hexadecimal, inHexadecimal] = []] = encodings
  for (const [, key, ofKey] of keys) {
    for (const [, part, ofPart] of parts.slice(0, 5))
      expect(faultsOf(build({ ...key, ...part }))).toEqual([ofKey, ofPart])
    for (const [, changed, ofBody] of bodies.slice(0, 5))
      expect(faultsOf(build({ ...key, ...changed, ...hexadecimal }))).toEqual([inHexadecimal, ofKey, ofBody])
  }
})

it('npm run send -- --check accepts any of several secrets, and recognizes the public development secret', () => {
  const others = ['whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYnl0ZXM=', 'whsec_YSB0aGlyZCBzZWNyZXQgb2YgMjQrIGJ5dGVz']
  expect(faultsOf(build({}), [...others, secret])).toEqual([])
  expect(faultsOf(build({}), others)).toEqual([
    'The sender has the development secret of .dev.vars.example, which anyone can read: give it a secret of the Worker',
  ])
  expect(faultsOf(build({ key: [...others, secret].join(' ') }), [...others, secret])).toEqual([
    'The HMAC key is the text of all WEBHOOK_SECRETS: use one of them, without "whsec_", and decode it from base64',
  ])
})

it('npm run send -- --check reads headers as lines, as curl prints them, as JSON and as servers name them', () => {
  const expected = new Map([
    ['webhook-id', 'msg_1'],
    ['webhook-timestamp', '12'],
  ])
  for (const text of [
    'POST /v1/webhooks HTTP/1.1\r\nWebhook-Id: msg_1\r\nWEBHOOK-TIMESTAMP:12\r\n\r\n',
    '> POST /v1/webhooks HTTP/2\n> webhook-id: msg_1\n> webhook-timestamp: 12\n>\n',
    '{"Webhook-Id":"msg_1","webhook-timestamp":12}',
    '{"HTTP_WEBHOOK_ID":"msg_1","HTTP_WEBHOOK_TIMESTAMP":"12"}',
  ])
    expect(parseHeaders(text)).toEqual(expected)
})
