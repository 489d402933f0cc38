import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCommunity, type Community } from '../../demo/community/makeCommunity.ts'
import { firstUserId } from '../../demo/community/people.ts'
import { isLong } from '../support/form.ts'
import { boardRules, metricRules, Oracle } from '../support/oracle.ts'
import type { Json } from '../support/site.ts'
import { createState } from './support/built.ts'
import { runCommand, type CommandRun } from './support/commands.ts'
import { freePort, scratchDirectory } from './support/processes.ts'
import { aMessage, deliver, read } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

let state: string
let worker: KillableWorker

beforeAll(async () => {
  state = await scratchDirectory()
  await createState(state)
  worker = await startWorker(state)
})

afterAll(async () => {
  await worker.kill()
  await rm(state, { recursive: true })
})

const secretsFile = ['--env-file', '.dev.vars.example']

const runDemo = async (...args: string[]): Promise<CommandRun> =>
  await runCommand('demo', ['--url', worker.url, ...secretsFile, ...args], { state })

/** The community that the Worker has been sent, made up once more. */
const sentCommunity = async (): Promise<Community> => {
  const { first_contribution_at } = await read(worker.url, `/v1/users/${firstUserId}`)
  return makeCommunity(Date.parse(first_contribution_at))
}

const readBoard = async (board: string, query: string): Promise<Json[]> => {
  const entries: Json[] = []
  for (let cursor = ''; ;) {
    const page = await read(worker.url, `/v1/leaderboards/${board}?limit=100&${query}${cursor}`)
    entries.push(...page.entries)
    if (page.next_cursor === null) return entries
    cursor = `&cursor=${page.next_cursor}`
  }
}

/** Every board and metric, now and in the middle of what was deleted, and some users, against brute force. */
const compareWithBruteForce = async (community: Community): Promise<void> => {
  const sent = [...community.messages, ...community.deletions, ...community.retractions]
  const oracle = new Oracle(sent, [])
  const now = Date.now()
  for (const asOf of isLong ? [now, community.deletedUntil] : [community.deletedUntil]) {
    const as_of = new Date(asOf).toISOString()
    const quarter = { from: asOf - 90 * 86_400_000, to: asOf }
    for (const board of Object.keys(boardRules)) {
      expect(await readBoard(board, `window=90d&as_of=${as_of}`), board).toEqual(oracle.board(board, quarter))
      const ever = await readBoard(board, `window=all&as_of=${as_of}`)
      expect(ever, board).toEqual(oracle.board(board, { from: null, to: asOf }))
    }
    for (const metric of Object.keys(metricRules)) {
      const { value } = await read(worker.url, `/v1/metrics/${metric}?as_of=${as_of}`)
      const month = { from: asOf - 30 * 86_400_000, to: asOf }
      expect(value, metric).toBe(oracle.metric(metric, month))
    }
  }
  for (const { id, fate } of community.people.filter((person, index) => person.fate || index % 20 === 19)) {
    if (fate === 'erased') continue
    const {
      as_of: _,
      position: __,
      ...user
    } = await read(worker.url, `/v1/users/${id}?as_of=${new Date(now).toISOString()}`)
    expect(user).toEqual({ ...oracle.user(id, now, false), complete: true })
  }
}

it('makes the same community of 400 people and 40,000 contributions for the same instant', () => {
  const from = Date.UTC(2023, 10, 24, 1)
  const { messages, people, deletions } = makeCommunity(from)
  expect(makeCommunity(from).messages).toEqual(messages)
  const contributions = messages
    .filter(({ type }) => type === 'contribution.created')
    .flatMap(({ data }) => data as Json[])
  expect(contributions.filter(({ spam }) => spam !== true)).toHaveLength(40_000)
  expect(new Set(contributions.map(({ type }) => type)).size).toBe(6)
  expect(contributions.filter(({ spam }) => spam === true).length).toBeGreaterThan(100)
  expect(people).toHaveLength(400)
  expect(new Set(people.map(({ username }) => username.toLowerCase())).size).toBe(400)
  expect(new Set(contributions.map(({ locale }) => locale)).size).toBeGreaterThanOrEqual(13)
  expect(deletions.flatMap(({ data }) => data).length).toBeGreaterThan(10_000)
  expect(messages.map(({ timestamp }) => timestamp)).toEqual(
    messages.map(({ timestamp }) => timestamp).toSorted(),
  )
})

it('the demo writes nothing in a dry run', async () => {
  const { code, stdout, stderr } = await runDemo('--dry-run')
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('nothing was written')
  expect(await read(worker.url, '/healthz')).toMatchObject({ position: 0 })
})

it('the demo sends a community and deletes content, and no number changes until spam is retracted', async () => {
  const { code, stdout, stderr } = await runDemo()
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/Compared [0-9,]+ numbers, of which the table shows the top: all equal/)
  expect(stdout).not.toMatch(/earlier run|been retracted before/)
  const [, changes = ''] = stdout.split('Only this changed:')
  const community = await sentCommunity()
  for (const { username, displayName } of community.disguised) {
    expect(changes).toContain(displayName ?? username)
  }
  expect(changes).toMatch(/^active_contributors, .* −2 *$/m)
  const status = await read(worker.url, '/v1/status')
  expect(Object.values<Json>(status.coverage).map(({ complete }) => complete)).not.toContain(false)
  await compareWithBruteForce(community)
  for (const [link] of changes.matchAll(/http:\S+/g)) {
    const { status: answered } = await fetch(link)
    expect(answered, link).toBe(200)
  }
})

it('a second run of the demo finds everything recorded, and in the long form changes nothing and says so', async () => {
  const { position } = await read(worker.url, '/healthz')
  const { code, stdout, stderr } = await runDemo(...(isLong ? [] : ['--dry-run']))
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('An earlier run of the demo has sent some or all of this community')
  if (isLong) {
    expect(stdout).toContain('recorded 0, ')
    expect(stdout).toContain('An earlier run may have deleted it already')
    expect(stdout).toContain('All of it had been retracted before\n\nNothing changed')
  } else expect(stdout).toMatch(/^all +0 +[0-9,]+ +0 +[0-9,]+$/m) // new, duplicate, conflict, ignored
  expect(await read(worker.url, '/healthz')).toMatchObject({ position })
})

/** A Worker that loses numbers when content is deleted: it treats deletions as retractions. */
const startForgetful = async (): Promise<{ server: Server; url: string }> => {
  const forget = async (body: Buffer): Promise<void> => {
    const message = body.length > 0 && JSON.parse(body.toString())
    if (message.type !== 'content.deleted') return
    const retracted = message.data.map(({ content }: Json) => ({ content, reason: 'other' }))
    await deliver(worker.url, aMessage('contribution.retracted', retracted))
  }
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request)
    await forget(body)
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      /^(?:webhook|content-type)/.test(name) ? [[name, String(value)]] : [],
    )
    const answer = await fetch(`${worker.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      body: body.length > 0 ? body : null,
    })
    response.writeHead(answer.status).end(await answer.text())
  }
  const server = createServer((request, response) => void forward(request, response))
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${port}` }
}

it('the demo exits with 3 and lists the numbers that change when content is deleted', async () => {
  const { server, url } = await startForgetful()
  const { code, stdout, stderr } = await runDemo('--url', url)
  server.close()
  expect(code, stderr).toBe(3)
  expect(stdout).toMatch(/[0-9,]+ DIFFER/)
  expect(stderr).toContain('Drift: these numbers changed but should not have')
})

it('the demo explains what to do when it cannot run', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`
  const alone = await runDemo('--url', nobody)
  expect(alone).toMatchObject({ code: 1, stdout: '' })
  const start = `npm start -- --port ${new URL(nobody).port}`
  expect(alone.stderr).toContain(`No Worker answers at ${nobody}: run ${start} in another terminal first`)
  const unsaid = await runDemo('--env-file', '/dev/null')
  expect(unsaid).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/dev/null has no WEBHOOK_SECRETS: '),
  })
  for (const args of [
    ['--url', 'https://perennial.example'],
    ['--url', 'x'],
    ['--seed', '1'],
  ]) {
    const { code, stderr } = await runDemo(...args)
    expect(code, stderr).toBe(2)
  }
  expect(await runDemo('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Exit codes: 0 done, 1 failed or stopped, 2 misused, 3'),
  })
})

it('the demo declares no type complete beside other contributions, and rejects a log in which its user IDs are taken', async () => {
  const used = await scratchDirectory()
  await createState(used)
  const site = await startWorker(used)
  const args = ['--url', site.url, ...secretsFile, '--dry-run']
  const answerBy = async (id: number): Promise<Json> =>
    await deliver(
      site.url,
      aMessage('contribution.created', {
        type: 'answer',
        user: { id, username: `user ${id}` },
        occurred_at: '2026-01-01T00:00:00Z',
        content: { type: 'questions.answer', id: String(id) },
      }),
    )
  await answerBy(7)
  const beside = await runCommand('demo', args, { state: used })
  await answerBy(firstUserId)
  const mistaken = await runCommand('demo', args, { state: used })
  await site.kill()
  await rm(used, { recursive: true })
  expect(beside).toMatchObject({ code: 0, stdout: expect.stringContaining('no type is declared complete') })
  expect(mistaken).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`another community, whose user ${firstUserId} is someone else`),
  })
})

it('the demo rejects a Worker that reads another database', async () => {
  const other = await scratchDirectory()
  await createState(other)
  const args = ['--url', worker.url, ...secretsFile]
  const { code, stderr } = await runCommand('demo', args, { state: other })
  await rm(other, { recursive: true })
  expect(code).toBe(1)
  expect(stderr).toContain('reads another database than this command')
})
