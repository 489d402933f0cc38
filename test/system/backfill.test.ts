import { readFileSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { migrate } from '../../src/cli/migrate.ts'
import { answers, printed, runCommand, startCommand, writeLines } from './support/commands.ts'
import { scratchDirectory } from './support/processes.ts'
import { aMessage, deliver, read, readLog } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

let template: string
let state: string
let worker: KillableWorker | undefined

beforeAll(async () => {
  template = await scratchDirectory()
  await migrate(template)
})

beforeEach(async () => {
  state = await scratchDirectory()
  await cp(template, state, { recursive: true })
})

afterAll(async () => {
  await rm(template, { recursive: true })
})

afterEach(async () => {
  await worker?.kill()
  worker = undefined
  await rm(state, { recursive: true })
})

/** Every bad line with the number that it has: one in a hundred, each bad in another way. */
const withBadLines = (count: number): { file: string; bad: number[] } => {
  const broken: ((line: string) => string | Buffer)[] = [
    (line) => line.slice(0, -2),
    (line) => line.replace('"answer"', '"reply"'),
    (line) => line.replace('2020-', '1999-'),
    () => Buffer.from([0x22, 0xff, 0x22]),
    () => '[]',
    () => `"${'x'.repeat(1_100_000)}"`,
    () => '{"type":"user.updated","timestamp":"2020-01-01T00:00:00Z","data":[{"id":1},{"id":0}]}',
  ]
  const bad: number[] = []
  const lines = answers(count, 50).map((answer, index) => {
    const line = JSON.stringify(answer)
    if (index % 100 !== 37) return line
    const spoil = broken[bad.length % broken.length]
    bad.push(index + 1)
    return spoil?.(line) ?? ''
  })
  const file = join(state, 'bad.ndjson')
  writeBytes(file, lines)
  return { file, bad }
}

const writeBytes = (file: string, lines: readonly (string | Buffer)[]): void => {
  const newline = Buffer.from('\n')
  writeFileSync(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), newline])))
}

const numbersOf = (stderr: string): number[] => [
  ...new Set([...stderr.matchAll(/^line (\d+): /gm)].map(([, number]) => Number(number))),
]

it('refuses a file with 1 % bad lines whole, names each, and takes the rest when asked', async () => {
  const { file, bad } = withBadLines(3000)
  const refused = await runCommand('backfill', [file], { state })
  expect(refused.code, refused.stderr).toBe(1)
  expect(numbersOf(refused.stderr)).toEqual(bad)
  expect(refused.stderr).toContain('line 138: /type: Cannot use "reply": use one of question, answer')
  expect(refused.stderr).toContain('/data/1/id: Cannot use 0')
  expect((await runCommand('export', [], { state })).stdout).toBe('')

  const errors = join(state, 'errors.ndjson')
  const taken = await runCommand('backfill', [file, '--skip-invalid', '--errors', errors], { state })
  expect(taken.code, taken.stderr).toBe(0)
  expect(taken.stdout).toContain(`recorded ${(3000 - bad.length).toLocaleString('en-US')}, `)
  const written = readFileSync(errors, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): { line: number; errors: { detail: string }[]; text: string | null } => JSON.parse(line))
  expect(written.map(({ line }) => line)).toEqual(bad)
  expect(written.every(({ errors: reasons }) => reasons.length > 0 && reasons[0]?.detail)).toBe(true)
  expect(written[1]?.text).toContain('"reply"')
})

it('plans what it then does, for repeats, conflicts, ignored and blank lines, from a gzip stream', async () => {
  const [first, second] = answers(2, 2)
  const recorded = await runCommand('backfill', ['-'], { state, input: `${JSON.stringify(first)}\n` })
  expect(recorded.code, recorded.stderr).toBe(0)
  const lines = [
    `\u{FEFF}${JSON.stringify(first)}\r`,
    '',
    JSON.stringify({ ...first, self: true }),
    JSON.stringify(second),
    '   \r',
    JSON.stringify({ ...second, locale: null }),
    JSON.stringify({ ...second, locale: 'de' }),
    JSON.stringify({ ...second, content: { type: 'a', id: 1 }, spam: true }),
    JSON.stringify({
      type: 'contribution.created',
      timestamp: '2020-02-01T00:00:00Z',
      data: [second, { ...second, content: { type: 'questions.answer', id: 7 } }],
    }),
    JSON.stringify({ type: 'user.erased', timestamp: '2020-02-01T00:00:00Z', data: { id: 2 } }),
    JSON.stringify({
      type: 'content.deleted',
      timestamp: '2020-02-01T00:00:00Z',
      data: { content: { type: 'a', id: '1' } },
    }),
  ]
  const input = gzipSync(lines.join('\n'))
  const dry = await runCommand('backfill', ['-', '--dry-run'], { state, input })
  expect(dry.code, dry.stderr).toBe(0)
  expect(dry.stdout).toMatch(/^answer +2020 +2 +3 +2 +1$/m)
  expect(dry.stdout).toContain('2 items of other messages')
  expect(dry.stdout).toContain('line 3: answer questions.answer 0: the log says otherwise at position 1')
  expect(dry.stdout).toContain('line 7: answer: an earlier line says otherwise')
  const done = await runCommand('backfill', ['-', '--complete', 'answer,solution'], { state, input })
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout).toContain('recorded 2, duplicate 3, conflict 2, ignored 2')
  expect(done.stdout).toContain('line 7: answer questions.answer 1: the log says otherwise at position 2')
  worker = await startWorker(state)
  const { coverage, contributions } = await read(worker.url, '/v1/status')
  expect(contributions).toBe(3)
  expect([coverage.answer, coverage.solution, coverage.question]).toEqual([
    { complete: true, since: null },
    { complete: true, since: null },
    { complete: false, since: null },
  ])
})

it.for([
  ['no file', [], 2],
  ['a type that there is not', ['-', '--complete', 'reply'], 2],
  ['an option that there is not', ['-', '--force'], 2],
  ['a file that there is not', ['there-is-no-such-file'], 1],
  ['a directory', ['src'], 1],
  ['--help', ['--help'], 0],
] as [string, string[], number][])('ends on %s with the right exit code', async ([, args, code]) => {
  const run = await runCommand('backfill', args, { state })
  expect(run.code, run.stderr).toBe(code)
  expect(`${run.stdout}${run.stderr}`).not.toContain('    at ')
})

it('refuses a gzip file that is cut off', async () => {
  const whole = gzipSync(
    answers(500, 3)
      .map((answer) => JSON.stringify(answer))
      .join('\n'),
  )
  const run = await runCommand('backfill', ['-'], { state, input: whole.subarray(0, -40) })
  expect(run.code, run.stderr).toBe(1)
  expect(run.stderr).toContain('Cannot read standard input')
  expect((await runCommand('export', [], { state })).stdout).toBe('')
})

it('stops at Ctrl-C between two transactions, and goes on where it was', async () => {
  const file = writeLines(join(state, 'answers.ndjson'), answers(30_000, 100))
  const running = startCommand('backfill', [file], { state })
  await printed(running, /Writing/)
  running.child.kill('SIGINT')
  const stopped = await running.ended
  expect(stopped.code, stopped.stderr).toBe(1)
  expect(stopped.stderr).toContain('run the same command again')
  const before = Number(/recorded ([\d,]+)/.exec(stopped.stdout)?.[1]?.replaceAll(',', ''))
  expect(before).toBeLessThan(30_000)
  const rest = await runCommand('backfill', [file], { state })
  expect(rest.code, rest.stderr).toBe(0)
  expect(rest.stdout).toContain(`recorded ${(30_000 - before).toLocaleString('en-US')}, duplicate `)
})

it('counts contributions once that webhooks bring during a running backfill', async () => {
  const sent = answers(20_000, 40)
  const file = writeLines(join(state, 'answers.ndjson'), sent)
  worker = await startWorker(state)
  const { url } = worker
  const running = startCommand('backfill', [file], { state })
  await printed(running, /Writing/)
  // It stands still for half of the webhooks, so that they come in between, however fast it is.
  running.child.kill('SIGSTOP')
  for (let first = 19_900; first >= 0; first -= 200) {
    if (first === 9900) running.child.kill('SIGCONT')
    await deliver(url, aMessage('contribution.created', sent.slice(first, first + 100)))
  }
  const done = await running.ended
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout).toMatch(/duplicate [1-9]/)
  const log = await readLog(url)
  expect(log.map(({ position }) => position)).toEqual(sent.map((_, index) => index + 1))
  expect(new Set(log.map(({ content }) => content.id)).size).toBe(sent.length)
  const board = await read(url, '/v1/leaderboards/support-forum?window=all&limit=40')
  expect(board.entries.map(({ count }: { count: number }) => count)).toEqual(
    Array.from({ length: 40 }, () => 500),
  )
})
