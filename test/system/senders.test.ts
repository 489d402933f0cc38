import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { createState } from './support/built.ts'
import { scratchDirectory, until } from './support/processes.ts'
import { languages, linesOf, missing, Sender, type SenderRun } from './support/senders.ts'
import { read, readLog, secrets } from './support/site.ts'
import { startStepped, type Query, type SteppedWorker } from './support/stepped.ts'

const install = missing.length === 0 ? '' : ` (not run: apt-get install php-cli ruby)`

let directory: string

beforeAll(async () => {
  directory = await scratchDirectory()
})

afterAll(async () => {
  await rm(directory, { recursive: true, maxRetries: 3 })
})

const anAnswer = (user: number, id: string) => ({
  type: 'answer',
  user: { id: user, username: `Zoë ${user}` },
  occurred_at: '2026-03-01T11:00:00.000Z',
  content: { type: 'questions.answer', id },
})

/** A request as it arrived. */
interface Arrived {
  at: number
  language: string
  headers: IncomingHttpHeaders
  body: Buffer
}

const itemsOf = ({ body }: Arrived): { content: { id: string } }[] => JSON.parse(body.toString()).data

/** Starts a server for senders, whose address ends with their language. It calls `answer` for each request. */
const startProxy = async (answer: (request: Arrived, response: ServerResponse) => Promise<unknown>) => {
  const arrived: Arrived[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request)
    const [, language = '', ...path] = (request.url ?? '').split('/')
    const isRight = path.join('/') === 'v1/webhooks' && request.method === 'POST'
    if (!isRight) throw new Error(`Unexpected request: ${request.method} ${request.url}`)
    const one = { at: performance.now(), language, headers: request.headers, body }
    arrived.push(one)
    await answer(one, response)
  }
  const server = createServer(
    (request, response) => void handle(request, response).catch(() => response.destroy()),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return { url, arrived, close: () => server.close() }
}

/** Passes a request on to the Worker. */
const forward = async (url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Response> =>
  await fetch(`${url}/v1/webhooks`, {
    method: 'POST',
    headers: ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
      (name): [string, string] => [name, String(headers[name])],
    ),
    body: new Uint8Array(body),
  })

const rounds = 10
const perRound = 100
const steps: readonly Query[] = ['inside', 'committed', 'before']

it.skipIf(missing.length > 0)(
  `senders in Python, Node, PHP and Ruby record 1,000 contributions once each, through 10 kills of the sender and 10 of the Worker${install}`,
  { concurrent: true },
  async () => {
    const state = join(directory, 'state')
    await createState(state)
    let worker: SteppedWorker = await startStepped(state)
    /** Open while a Worker runs. */
    let gate = Promise.withResolvers<void>()
    gate.resolve()
    /** How to kill each sender before an answer arrives: the answer of the Worker or, in every other round, its loss. */
    const kills = new Map<string, () => Promise<unknown>>()
    let killsOnLoss = false

    const proxy = await startProxy(async ({ language, headers, body }, response) => {
      await gate.promise
      const current = gate
      const kill = kills.get(language)
      try {
        const forwarded = await forward(worker.url, headers, body)
        const text = await forwarded.text()
        if (forwarded.status !== 200 || !kill) return response.writeHead(forwarded.status).end(text)
        await kill()
      } catch {
        if (gate === current) gate = Promise.withResolvers<void>()
        if (killsOnLoss) await kill?.()
      }
      return response.destroy()
    })
    const senders = await Promise.all(
      languages.map(
        async (language) => await Sender.create(language, directory, `${proxy.url}/${language.name}`),
      ),
    )
    const each = async <Value>(work: (sender: Sender, user: number) => Promise<Value>): Promise<Value[]> =>
      await Promise.all(senders.map(async (sender, index) => await work(sender, index + 1)))
    const itemsIn = (round: number, user: number) =>
      Array.from({ length: perRound }, (_, index) => anAnswer(user, `${user}-${round}-${index}`))

    const recordRound = async (round: number): Promise<unknown> =>
      await each(async (sender, user) => await sender.record(itemsIn(round, user)))

    // Killed while they record. A site that got no answer records the same again.
    await each(async (sender, user) => {
      const { child, ended } = sender.start(linesOf(itemsIn(0, user)), 'record')
      await until(
        async () => (await sender.waiting()).length > 0 || child.exitCode !== null,
        () => `${sender.language.name} records nothing`,
      )
      child.kill('SIGKILL')
      await ended
    })
    await recordRound(0)
    for (let round = 1; round <= rounds; round += 1) {
      killsOnLoss = round % 2 === 1
      const delivering = each(async (sender) => {
        const { child, ended } = sender.start(undefined)
        kills.set(sender.language.name, async () => {
          child.kill('SIGKILL')
          await ended
        })
        expect(await ended).toMatchObject({ code: null })
      })
      await worker.killAt(steps[round % steps.length] ?? 'before', 'write')
      await worker.stop()
      // A site goes on recording while Perennial is down.
      const recording = round < rounds ? recordRound(round) : undefined
      worker = await startStepped(state)
      await recording
      gate.resolve()
      await delivering
    }
    kills.clear()
    await each(async (sender, user) => await sender.record([anAnswer(user, `${user}-last`)]))
    const before = proxy.arrived.length
    for (const run of await each(async (sender) => await sender.start(undefined).ended))
      expect(run).toEqual({ code: 0, output: '' })

    const log = await readLog(worker.url)
    const all = senders.flatMap((_, index) => [
      ...Array.from({ length: rounds }, (_round, round) => itemsIn(round, index + 1)).flat(),
      anAnswer(index + 1, `${index + 1}-last`),
    ])
    expect(log.map(({ content }) => content.id).sort()).toEqual(all.map(({ content }) => content.id).sort())
    for (const [index] of senders.entries()) {
      const { user, lifetime } = await read(worker.url, `/v1/users/${index + 1}?at_least=${log.length}`)
      expect([user.username, lifetime.total]).toEqual([`Zoë ${index + 1}`, rounds * perRound + 1])
    }
    expect(await each(async (sender) => await sender.waiting())).toEqual([[], [], [], []])
    const last = proxy.arrived.slice(before)
    for (const { name } of languages) {
      const sizes = last.filter(({ language }) => language === name).map((request) => itemsOf(request).length)
      expect(sizes[0]).toBe(1000)
      expect(sizes).toHaveLength(2)
    }
    proxy.close()
    await worker.stop()
  },
)

/** What a stub answers: a status with headers and a body, or a lost connection. */
type Reply = { status: number; headers?: Record<string, string>; body?: string } | 'lost'

const receiptOf = (...statuses: string[]): Reply => ({
  status: 200,
  body: JSON.stringify({ results: statuses.map((status, index) => ({ index, status })) }),
})

const problem = (status: number, ...errors: { pointer: string; detail: string }[]): Reply => ({
  status,
  body: JSON.stringify({ status, title: 'As the test wants it', errors }),
})

/** A sender in a language with three contributions in its outbox, and a stub that gives these replies in turn. */
const setUp = async (name: string, ...replies: Reply[]) => {
  const proxy = await startProxy(async (_request, response) => {
    const reply = replies[proxy.arrived.length - 1]
    if (reply === undefined || reply === 'lost') return response.destroy()
    return response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  const language = languages.find((each) => each.name === name)
  if (!language) throw new Error(`No sender in ${name}`)
  const sender = await Sender.create(language, await scratchDirectory(), `${proxy.url}/${name}`)
  await sender.record([1, 2, 3].map((id) => anAnswer(42, String(id))))
  const deliver = async (): Promise<SenderRun & { ids: string[][] }> => {
    const run = await sender.start(undefined).ended
    return { ...run, ids: proxy.arrived.map((request) => itemsOf(request).map(({ content }) => content.id)) }
  }
  return { sender, deliver, arrived: proxy.arrived, close: proxy.close }
}

it.concurrent.each(languages.filter(({ program }) => !missing.includes(program)))(
  'the sender in $name sends the same signed bytes again after growing pauses and Retry-After, until Perennial has answered',
  async ({ name }) => {
    const { deliver, arrived, sender, close } = await setUp(
      name,
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 408 },
      { status: 503, headers: { 'retry-after': 'soon' } },
      receiptOf('recorded', 'duplicate', 'conflict'),
    )
    const { code, output, ids } = await deliver()
    close()
    expect(code, output).toBe(0)
    expect(ids.map((each) => each.toSorted())).toEqual(Array.from({ length: 4 }, () => ['1', '2', '3']))
    expect(await sender.waiting()).toEqual([])
    const lines = output.trim().split('\n')
    expect(lines).toHaveLength(4)
    const [, conflict = ''] = (lines[3] ?? '').split('Conflict, the first one recorded stands: ')
    expect(JSON.parse(conflict)).toEqual(anAnswer(42, ids[0]?.[2] ?? ''))

    const [first] = arrived
    for (const { body, headers } of arrived) {
      expect(body).toEqual(first?.body)
      expect(headers['webhook-id']).toBe(first?.headers['webhook-id'])
      expect(headers['content-type']).toBe('application/json')
      new Webhook(secrets.WEBHOOK_SECRETS).verify(body.toString(), headers as Record<string, string>)
    }
    // Each pause is at least half of 1, 2 and 4 s, and never shorter than Retry-After.
    const pauses = arrived.slice(1).map(({ at }, index) => at - (arrived[index]?.at ?? 0))
    for (const [index, least] of [2000, 1000, 2000].entries())
      expect(pauses[index]).toBeGreaterThan(least - 5)
    const message = JSON.parse(String(first?.body))
    expect(Object.keys(message)).toEqual(['type', 'timestamp', 'data'])
    expect(message.timestamp).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(message.data.find(({ content }: { content: { id: string } }) => content.id === '2')).toEqual(
      anAnswer(42, '2'),
    )
  },
)

it.concurrent.each(languages.filter(({ program }) => !missing.includes(program)))(
  'the sender in $name sets aside and reports what Perennial refuses, splits what is too large, and stops at a 401',
  async ({ name }) => {
    const { deliver, arrived, sender, close } = await setUp(
      name,
      { status: 200, body: '<p>Sign in to this network' },
      problem(413),
      receiptOf('recorded'),
      problem(
        422,
        { pointer: '/data/0/user/id', detail: 'As the test wants it' },
        { pointer: '/data/0/type', detail: 'This too' },
      ),
      problem(401),
    )
    // A 200 that is not of Perennial deletes nothing. After the 413, half of the items are sent, which is one; the next is refused,
    // and the last one meets the 401.
    const { code, output, ids } = await deliver()
    expect(code).toBe(1)
    const [all = []] = ids
    expect(all.toSorted()).toEqual(['1', '2', '3'])
    expect(ids).toEqual([all, all, ...all.map((id) => [id])])

    const refused = await readdir(join(sender.outbox, 'refused'))
    const waiting = await sender.waiting()
    expect([refused.length, waiting.length]).toEqual([1, 1])
    const stored = await readFile(join(sender.outbox, 'refused', refused[0] ?? ''), 'utf8')
    expect(JSON.parse(stored)).toEqual({
      type: 'contribution.created',
      timestamp: expect.any(String),
      item: anAnswer(42, all[1] ?? ''),
    })
    const [strange, first, second] = output.trim().split('\n')
    expect(strange).toContain(': the next attempt is in ')
    expect(first).toBe(
      `Refused, and moved to ${sender.outbox}/refused/${refused[0]}: /data/0/user/id: As the test wants it; /data/0/type: This too`,
    )
    expect(second).toMatch(
      /^http\S+ answered 401, and would do so again: \{.*"title": ?"As the test wants it".*\}$/,
    )
    expect(output).not.toContain(secrets.WEBHOOK_SECRETS.slice('whsec_'.length))
    expect(arrived).toHaveLength(5)
    close()
  },
)
