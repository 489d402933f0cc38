import { once } from 'node:events'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../support/site.ts'
import { cloneProject, startClone, type StartedClone } from './support/clone.ts'
import { freePort, killGroup, run } from './support/processes.ts'
import { read } from './support/site.ts'

let clone: string
const groups: number[] = []

beforeAll(async () => {
  clone = await cloneProject()
})

afterEach(async () => {
  for (const group of groups.splice(0)) await killGroup(group)
})

afterAll(async () => {
  await rm(clone, { recursive: true })
})

const npmStart = async (...args: string[]) =>
  await run('npm', ['start', '--silent', '--', ...args], { cwd: clone })

const startUp = async (port: number): Promise<StartedClone> => {
  const started = await startClone(clone, port)
  groups.push(started.pid)
  return started
}

/** The blocks of bash in a page of a clone. */
const bashIn = async (page: string): Promise<string[]> =>
  [...(await readFile(join(clone, page), 'utf8')).matchAll(/```bash\n(.*?)```/gs)].map(
    ([, block = '']) => block,
  )

/** Runs blocks of the documentation against a Worker, and returns the JSON that they print. */
const runBlocks = async (
  blocks: readonly string[],
  url: string,
): Promise<{ answers: Json[]; output: string }> => {
  const lines = blocks
    .join('')
    .replaceAll('http://127.0.0.1:8787', url)
    .replace('npm run send --', `$& --url ${url}`)
  const { code, output } = await run('bash', ['-euo', 'pipefail', '-c', lines], { cwd: clone })
  expect(code, output).toBe(0)
  const printed = output.split('\n').filter((line) => line.startsWith('{'))
  return { answers: printed.map((line): Json => JSON.parse(line)), output }
}

it('npm start works in a fresh clone, records what the README, docs/sending.md and examples/senders send, and still has it after a restart', async () => {
  const first = await startUp(await freePort())
  expect(first.output()).toContain('Created .dev.vars from .dev.vars.example')
  expect(await readFile(join(clone, '.dev.vars'), 'utf8')).toBe(
    await readFile(join(clone, '.dev.vars.example'), 'utf8'),
  )
  expect(await read(first.url, '/healthz')).toEqual({ status: 'ok', position: 0 })
  const readme = await bashIn('README.md')
  expect(first.output())
    .toContain(`The log is empty. To send a first contribution, run in another terminal, in this directory:
  ${readme[0]?.trim()} --url ${first.url}
`)

  const { answers, output } = await runBlocks(readme, first.url)
  const [sent, user, listed, board, metric, status, logged, badge] = answers
  expect(sent).toMatchObject({ position: 1, recorded: 1, results: [{ status: 'recorded', position: 1 }] })
  expect(user).toMatchObject({ user: { id: 42, display_name: 'Ana' }, lifetime: { total: 1, answer: 1 } })
  expect(listed['contributions']).toMatchObject([{ type: 'answer', position: 1 }])
  expect(board['entries']).toMatchObject([{ rank: 1, user: { id: 42 }, count: 1 }])
  expect(metric['value']).toBe(1)
  expect(status).toMatchObject({ events: 1, contributions: 1 })
  expect(logged).toMatchObject({ position: 1, delta: 1, user: { id: 42 } })
  expect(badge).toMatchObject({ schemaVersion: 1, label: 'answers', message: '1' })
  expect(answers).toHaveLength(8)
  expect(output).toMatch(/<svg [^>]*>.*Ana.*<\/svg>/s)

  const [byHand] = (await runBlocks(await bashIn('docs/sending.md'), first.url)).answers
  expect(byHand).toMatchObject({ position: 2, recorded: 1, results: [{ status: 'recorded', position: 2 }] })
  expect(await read(first.url, '/v1/users/42?at_least=2')).toMatchObject({
    user: { id: 42, username: 'ana' },
    lifetime: { total: 2, answer: 2 },
  })

  const [recorded] = (await runBlocks(await bashIn('examples/senders/README.md'), first.url)).answers
  expect(recorded).toMatchObject({ user: { id: 43, username: 'bo' }, lifetime: { total: 1, answer: 1 } })
  await first.stop()

  const second = await startUp(await freePort())
  expect(second.output()).not.toContain('Created .dev.vars')
  expect(second.output())
    .toContain(`The log has 3 contributions. How to send more, in another terminal, in this directory:
  npm run send -- --help
`)
  expect((await read(second.url, '/v1/users/42')).lifetime.total).toBe(2)
  expect((await read(second.url, '/v1/status')).events).toBe(3)
  await second.stop()
})

it('npm start shows its options, and exits with 2 when it is misused', async () => {
  expect(await npmStart('--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('--port <number>'),
  })
  for (const args of [['--port', '0'], ['--port', '65536'], ['--port', 'x'], ['--prot', '1'], ['8788']]) {
    const { code, output } = await npmStart(...args)
    expect(code, output).toBe(2)
    expect(output).toMatch(/^error: /)
  }
})

it('npm start says in one sentence that packages are out of date, as after a pull that added one', async () => {
  const lockFile = join(clone, 'package-lock.json')
  const text = await readFile(lockFile, 'utf8')
  const lock: { packages: Record<string, unknown> } = JSON.parse(text)
  lock.packages['node_modules/new-package'] = { version: '1.0.0' }
  await writeFile(lockFile, JSON.stringify(lock))
  const { code, output } = await npmStart('--port', String(await freePort()))
  await writeFile(lockFile, text)
  expect([code, output.trim()]).toEqual([1, 'Packages are out of date: run npm ci'])
})

it('npm start suggests a free port when the port is in use', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { code, output } = await npmStart('--port', String(port))
  expect(code, output).toBe(1)
  expect(output).toContain(`Cannot listen on port ${port}: another program is using it. Use another`)
  const offered = Number(/npm start -- --port (\d+)/.exec(output)?.[1])
  const other = createServer().listen(offered, '127.0.0.1')
  await once(other, 'listening')
  other.close()
  server.close()
})

describe('beside a running Worker', () => {
  let running: Awaited<ReturnType<typeof startUp>>

  beforeAll(async () => {
    running = await startUp(await freePort())
    groups.length = 0 // it outlives each test, and the last one kills it
  })

  afterAll(async () => {
    await killGroup(running.pid)
  })

  it('npm start does not start a second Worker in one directory, and says where the first one is', async () => {
    const { code, output } = await npmStart('--port', String(await freePort()))
    expect(output.trim()).toBe(
      `Cannot start a second Worker in this directory: one is running at ${running.url}. Use that one, stop it with Ctrl-C in its terminal, or start the second one in another clone of the project`,
    )
    expect(code).toBe(1)
  })

  it('npm start prints a demo command that works on any port', async () => {
    const [command = ''] = /npm run demo.*/.exec(running.output()) ?? []
    expect(command).toBe(`npm run demo -- --url ${running.url}`)
    const dryRun = await run('bash', ['-c', `${command} --dry-run`], { cwd: clone })
    expect(dryRun).toMatchObject({ code: 0, output: expect.stringContaining('nothing was written') })
  })

  it('npm start works after a Worker that was killed without releasing its claim', async () => {
    await killGroup(running.pid)
    const next = await startUp(await freePort())
    expect(await read(next.url, '/healthz')).toMatchObject({ status: 'ok' })
    await next.stop()
  })
})

it.each([
  [['start', '--port', '24001'], '--port', 'npm start -- --port 24001'],
  [['start', '--port=24001'], '--port', 'npm start -- --port 24001'],
  [['run', 'demo', '--dry-run'], '--dry-run', 'npm run demo -- --dry-run'],
  [
    ['run', 'demo', '--url', 'http://127.0.0.1:1', '--dry-run'],
    '--url and --dry-run',
    '-- before the options, as in npm run demo -- --url …',
  ],
  [
    ['run', 'backfill', '--dry-run', 'answers.ndjson'],
    '--dry-run',
    'npm run backfill -- --dry-run answers.ndjson',
  ],
])('npm %j does nothing except say that npm took %s', async (args, taken, remedy) => {
  const { code, output } = await run('npm', args, { cwd: clone })
  expect(output).toContain(`error: npm took ${taken} itself: write ${remedy}\n`)
  expect(code).toBe(2)
})

it('npm start names invalid variables before it starts, and commands that need them fail', async () => {
  const values = { WEBHOOK_SECRETS: 'whsec_QQ==', ADMIN_TOKEN: 'two words', SYSTEM_USER_IDS: '9999;10000' }
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(join(clone, '.dev.vars'), lines.join(''))
  const worker = await startUp(await freePort())
  const health = await read(worker.url, '/healthz')
  expect(health).toMatchObject({ status: 'misconfigured', position: expect.any(Number) })
  expect(health.misconfigured.map(({ variable }: { variable: string }) => variable)).toEqual(
    Object.keys(values),
  )
  const said = worker.output()
  const started = said.indexOf('Perennial is running')
  for (const { detail } of health.misconfigured) {
    expect(said.indexOf(`${detail}. Until then, `)).toBeGreaterThanOrEqual(0)
    expect(said.indexOf(detail)).toBeLessThan(started)
  }
  await worker.stop()

  await writeFile(join(clone, 'one.ndjson'), '{}\n')
  const npmRun = async (...args: string[]) => await run('npm', ['run', '--silent', ...args], { cwd: clone })
  const [secrets, token, users] = health.misconfigured.map(({ detail }: { detail: string }) => `${detail}\n`)
  expect(await npmRun('backfill', '--', 'one.ndjson')).toEqual({ code: 1, output: users })
  expect(await npmRun('audit', '--', '--url', worker.url)).toEqual({ code: 1, output: token })
  expect(await npmRun('demo', '--', '--url', worker.url)).toEqual({ code: 1, output: secrets })
  for (const value of Object.values(values)) expect(worker.output()).not.toContain(value)
  await cp(join(clone, '.dev.vars.example'), join(clone, '.dev.vars'))
})

it('npm start names a migration that fails, and says what to do', async () => {
  await writeFile(join(clone, 'migrations/9999_broken.sql'), 'CREATE TABLE events (broken INTEGER);')
  const { code, output } = await npmStart('--port', String(await freePort()))
  expect(output).toContain('9999_broken.sql')
  expect(output).toContain('Cannot migrate the local database')
  expect(code).toBe(1)
})
