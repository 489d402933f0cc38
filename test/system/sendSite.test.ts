import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { runAudit } from '../../src/cli/audit/runAudit.ts'
import { CommandFailure } from '../../src/cli/command.ts'
import { Site, toDelivery } from '../../src/cli/send/site.ts'
import { misconfigurations } from '../../src/configuration.ts'
import { problemResponse, reportUnexpected } from '../../src/http/problem.ts'
import { secrets } from './support/site.ts'

const secret = secrets.WEBHOOK_SECRETS
const receipt = { position: 1, results: [{ index: 0, status: 'recorded', position: 1 }] }

interface SeenRequest {
  headers: IncomingHttpHeaders
  body: string
}

type Answer = (response: ServerResponse) => void

const dropConnection: Answer = (response) => response.destroy()
const dropHalfway: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('{"results":', () => response.destroy())
}
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('{}')
/** What a Worker answers. */
const give =
  (made: Response): Answer =>
  (response) =>
    void made
      .clone()
      .text()
      .then((body) => response.writeHead(made.status, Object.fromEntries(made.headers)).end(body))
const accept: Answer = (response) => response.writeHead(200).end(JSON.stringify(receipt))

const ends: (() => void)[] = []

afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A server that gives these answers in turn, the last one repeatedly, and a site that records its pauses. */
const setUp = async (...answers: Answer[]) => {
  const requests: SeenRequest[] = []
  const pauses: number[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push({ headers: request.headers, body: (await buffer(request)).toString() })
    const answer = answers[requests.length - 1] ?? answers.at(-1)
    answer?.(response)
  }
  const server = createServer((request, response) => void respond(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const stop = new AbortController()
  const pause = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds)
    stop.signal.throwIfAborted()
  }
  const site = new Site(url, secret, stop.signal, pause)
  return { site, url, requests, pauses, stop, server }
}

const delivery = toDelivery({ type: 'user.updated', timestamp: '2026-11-20T12:00:00.000Z', data: [] })

it('retries the same signed message until a restarting Worker accepts it', async () => {
  const { site, requests, pauses } = await setUp(
    status(404),
    dropConnection,
    dropHalfway,
    status(500),
    status(408),
    accept,
  )
  expect(await site.read('/healthz')).toBeUndefined()
  expect(await site.deliver(delivery)).toEqual(receipt)
  expect(pauses).toEqual([250, 500, 1000, 2000])
  const sent = requests.slice(1)
  expect(sent.map(({ body }) => body)).toEqual(Array(5).fill(delivery.body))
  expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(5).fill(delivery.id))
  for (const { body, headers } of sent)
    expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow()
})

it('waits as long as Retry-After says, but at most 8 seconds', async () => {
  const { site, pauses } = await setUp(
    status(503, { 'retry-after': '3' }),
    status(429, { 'retry-after': '900' }),
    accept,
  )
  await site.deliver(delivery)
  expect(pauses).toEqual([3000, 8000])
})

it('stops retrying after less than a minute of pauses, and says how to continue', async () => {
  const { site, url, requests, pauses } = await setUp(accept, dropConnection)
  await site.deliver(delivery)
  await expect(site.deliver(delivery)).rejects.toThrow(
    `The Worker at ${url} has stopped: start it again with npm start -- --port ${new URL(url).port}, then run the same command again`,
  )
  expect(requests).toHaveLength(13)
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, ...Array<number>(6).fill(8000)])
})

it('fails at once when no Worker answers, and does not retry a 422', async () => {
  const gone = await setUp(dropConnection)
  await expect(gone.site.read('/healthz')).rejects.toThrow(`No Worker answers at ${gone.url}: run npm start`)
  const problem = { type: '/problems/invalid-message', title: 'Invalid message', status: 422, detail: 'x' }
  const rejecting = await setUp(give(Response.json(problem, { status: 422 })))
  await expect(rejecting.site.deliver(delivery)).rejects.toThrow(
    `answered POST /v1/webhooks with 422: ${JSON.stringify(problem)}`,
  )
  expect([gone.pauses, gone.requests.length, rejecting.pauses, rejecting.requests.length]).toEqual([
    [],
    1,
    [],
    1,
  ])
})

it('stops between two attempts when it is aborted', async () => {
  const { site, stop } = await setUp(accept, dropConnection)
  await site.deliver(delivery)
  stop.abort()
  await expect(site.deliver(delivery)).rejects.toThrow('Stopped before the end: run the same command again')
})

it('send and audit say which variable of the Worker is invalid, and do not retry', async () => {
  const error = misconfigurations({ DEFAULT_LOCALE: '?' }).find(
    ({ variable }) => variable === 'DEFAULT_LOCALE',
  )
  const misconfigured = give(problemResponse(reportUnexpected(error)))
  const sent = await setUp(misconfigured)
  const use =
    'Invalid variable DEFAULT_LOCALE: use a locale like "en-US", or "" for the default locale of definitions.json'
  await expect(sent.site.deliver(delivery)).rejects.toThrow(
    `The Worker at ${sent.url} answered POST /v1/webhooks with 503: ${use}`,
  )
  const audited = await setUp(misconfigured)
  const target = { origin: audited.url, token: 'x', users: 1 }
  await expect(runAudit(target, () => undefined)).rejects.toThrow(`Cannot audit ${audited.url}: ${use}`)
  expect([sent.requests.length, audited.requests.length]).toEqual([1, 1])
})

it('send asks whether an address is that of a Worker if its answer is not one of a Worker', async () => {
  const page = '<!doctype html><title>Parked</title>'
  const foreign: [answer: Answer, status: number][] = [
    [give(new Response(page)), 200],
    [give(Response.json({ ok: true })), 200],
    [give(Response.json({ ...receipt, results: [{ status: 'stored' }] })), 200],
    [give(new Response(page, { status: 404 })), 404],
    [give(new Response(null, { status: 301, headers: { location: 'https://stats.example.org/' } })), 301],
  ]
  for (const [answer, code] of foreign) {
    const { site, url } = await setUp(answer)
    await expect(site.deliver(delivery)).rejects.toThrow(
      new CommandFailure(
        `${url} answered POST /v1/webhooks with ${code}, but not as a Worker does. Is this the address of a Worker?`,
      ),
    )
  }
  const { site, url } = await setUp(give(new Response(page)))
  await expect(site.read('/healthz')).rejects.toThrow(
    new CommandFailure(
      `${url} answered GET /healthz with 200, but not as a Worker does. Is this the address of a Worker?`,
    ),
  )
})
