import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createState } from './support/built.ts'
import { answers, runCommand, writeLines } from './support/commands.ts'
import { freePort, scratchDirectory } from './support/processes.ts'
import { read, secrets } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

let directory: string
let state: string
let worker: KillableWorker

beforeAll(async () => {
  directory = await scratchDirectory()
  state = join(directory, 'state')
  await createState(state)
  const taken = await runCommand('backfill', [writeLines(join(directory, 'lines'), answers(3000, 300))], {
    state,
  })
  expect(taken.code, taken.stderr).toBe(0)
  worker = await startWorker(state)
})

beforeEach(() => {
  vi.stubEnv('ADMIN_TOKEN', secrets.ADMIN_TOKEN)
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await worker.kill()
  await rm(directory, { recursive: true })
})

/** Deletes an event from the file of the only counter, while no Worker runs. */
const plant = (): void => {
  const files = join(state, 'v3/do/perennial-UserCounter')
  let planted = 0
  for (const name of readdirSync(files).filter((file) => file.endsWith('.sqlite'))) {
    const file = new DatabaseSync(join(files, name))
    const tables = file.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'counter'`).all()
    if (tables.length > 0) {
      file.exec('DELETE FROM events WHERE position = (SELECT min(position) FROM events)')
      planted += 1
    }
    file.close()
  }
  expect(planted).toBe(1)
}

/** The number of contributions of user 7, from the counter: the statistics would be counted in the log. */
const listed = async (): Promise<number> =>
  (await read(worker.url, '/v1/users/7/contributions')).contributions.length

it('audit finds no drift, then a planted one, which it repairs, then none again', async () => {
  expect(await listed()).toBe(10)
  const clean = await runCommand('audit', ['--url', worker.url])
  expect([clean.code, clean.stdout, clean.stderr.split('\n')[0]]).toEqual([
    0,
    'Compared 1 user and 44 boards and metrics with the log: no drift\n',
    'Auditing …',
  ])

  await worker.kill()
  plant()
  worker = await startWorker(state)
  expect(await listed()).toBe(9)
  const drifted = await runCommand('audit', ['--url', worker.url, '--json'])
  expect(drifted.code, drifted.stderr).toBe(3)
  expect(JSON.parse(drifted.stdout)).toEqual({
    kind: 'user',
    name: '7',
    differs: ['events', 'counts'],
    healed: true,
  })
  expect(await listed()).toBe(10)
  const { audit } = await read(worker.url, '/v1/status')
  expect(audit).toMatchObject({ users: 1, boards: 44, drift: 1, last_drift_at: expect.any(String) })

  const healed = await runCommand('audit', ['--url', worker.url])
  expect([healed.code, healed.stdout.includes('no drift')]).toEqual([0, true])
})

it('the cron trigger runs an audit', async () => {
  const before = (await read(worker.url, '/v1/status')).audit?.checked_at
  const fired = await fetch(`${worker.url}/cdn-cgi/local/scheduled`)
  expect([fired.status, await fired.text()]).toEqual([200, 'ok'])
  const { audit } = await read(worker.url, '/v1/status')
  expect(audit).toMatchObject({ boards: 44, drift: 0 })
  expect(audit.checked_at).not.toBe(before)
})

it('audit explains what is wrong with a token, an address or an option', async () => {
  vi.stubEnv('ADMIN_TOKEN', 'another')
  const rejected = await runCommand('audit', ['--url', worker.url])
  expect([rejected.code, rejected.stderr]).toEqual([
    1,
    `Cannot audit ${worker.url}: it does not accept this ADMIN_TOKEN\n`,
  ])
  const nobody = await runCommand('audit', ['--url', `http://127.0.0.1:${await freePort()}`])
  expect([nobody.code, nobody.stderr.includes('start the Worker (npm start)')]).toEqual([1, true])
  vi.stubEnv('ADMIN_TOKEN', undefined)
  const without = await runCommand('audit', ['--url', 'https://stats.example'])
  expect([without.code, without.stderr]).toEqual([
    1,
    `Cannot audit https://stats.example without the operator's token: set the environment variable ADMIN_TOKEN\n`,
  ])
  // Neither an address to which the token would be sent in clear text, nor one with a password in it.
  for (const url of ['http://stats.example', 'ftp://127.0.0.1', 'https://a:b@stats.example', 'x']) {
    expect((await runCommand('audit', ['--url', url])).code, url).toBe(2)
  }
  expect((await runCommand('audit', ['--users', '0'])).code).toBe(2)
  expect((await runCommand('audit', ['--help'])).code).toBe(0)
})

it('audit waits as long as Retry-After says when its requests are rate limited', async () => {
  const answeredAt: number[] = []
  const busy = createServer((_, response) => {
    answeredAt.push(Date.now())
    if (answeredAt.length === 1) response.writeHead(429, { 'retry-after': '2' }).end()
    else {
      const sums = { users: 3, boards: 44, drift: 0, found: [] }
      response.end(JSON.stringify({ audit: 1, done: true, steps: 46, steps_expected: 46, ...sums }))
    }
  })
  const port = await freePort()
  await once(busy.listen(port, '127.0.0.1'), 'listening')
  const { code, stdout } = await runCommand('audit', ['--url', `http://127.0.0.1:${port}`])
  busy.close()
  expect([code, stdout]).toEqual([0, 'Compared 3 users and 44 boards and metrics with the log: no drift\n'])
  const [first = 0, second = 0] = answeredAt
  expect(answeredAt.length).toBe(2)
  expect(second - first).toBeGreaterThan(1990)
})
