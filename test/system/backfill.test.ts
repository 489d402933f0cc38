import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  type ReadStream,
} from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makePlan } from '../../src/cli/backfill/plan.ts'
import { CommandFailure } from '../../src/cli/command.ts'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { sleep } from '../../src/failure.ts'
import { createState } from './support/built.ts'
import { answers, printed, runCommand, startCommand, writeLines } from './support/commands.ts'
import { runningIn, scratchDirectory, until, watch } from './support/processes.ts'
import { aMessage, deliver, read, readLog } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

let state: string
let worker: KillableWorker | undefined

beforeEach(async () => {
  state = await scratchDirectory()
  await createState(state)
})

afterEach(async () => {
  await worker?.kill()
  worker = undefined
  await rm(state, { recursive: true })
})

/** A file in which every hundredth line is invalid, in one of seven ways, and the numbers of these lines. */
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

it('rejects a file with invalid lines, reports each of them, and records the others with --skip-invalid', async () => {
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

it('plans exactly what it then does with duplicates, conflicts, ignored and blank lines of a gzip stream', async () => {
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
  expect(dry.stdout).toContain('2 items in other messages')
  expect(dry.stdout).toContain(
    'line 3: answer questions.answer 0: differs from the contribution at log position 1',
  )
  expect(dry.stdout).toContain('line 7: answer questions.answer 1: differs from line 4')
  const done = await runCommand('backfill', ['-', '--complete', 'answer,solution'], { state, input })
  expect(done.code, done.stderr).toBe(0)
  expect(done.stdout).toContain(
    'recorded 2, duplicate 3, conflict 2, ignored 1; other messages: applied 2, unchanged 0',
  )
  expect(done.stdout).toContain(
    'line 7: answer questions.answer 1: differs from the contribution at log position 2',
  )
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
  ['an unknown type', ['-', '--complete', 'reply'], 2],
  ['an unknown option', ['-', '--force'], 2],
  ['a missing file', ['there-is-no-such-file'], 1],
  ['a directory', ['src'], 1],
  ['--help', ['--help'], 0],
] as [string, string[], number][])('backfill exits with the right code for %s', async ([, args, code]) => {
  const run = await runCommand('backfill', args, { state })
  expect(run.code, run.stderr).toBe(code)
  expect(`${run.stdout}${run.stderr}`).not.toContain('    at ')
})

it('says that a line repeats its own item, and warns if --skip-invalid leaves no line', async () => {
  const [item] = answers(1, 4)
  const data = [item, { ...item, self: true }]
  const message = { type: 'contribution.created', timestamp: '2020-02-01T00:00:00Z', data }
  const repeated = await runCommand('backfill', ['-', '--dry-run'], { state, input: JSON.stringify(message) })
  expect(repeated.stdout).toMatch(/line 1: answer .*: differs from an earlier item of the same line$/m)
  const invalid = await runCommand('backfill', ['-', '--skip-invalid'], { state, input: '{}\n' })
  expect(invalid.stderr).toContain('No line of the file is valid, so there is nothing to record')
  expect(invalid.code).toBe(0)
})

it('rejects a truncated gzip file and records nothing', async () => {
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

it('waits for the batch that is being compared before it says that the file cannot be read further', async () => {
  const lines = Buffer.from(
    answers(3000, 3)
      .map((answer) => `${JSON.stringify(answer)}\n`)
      .join(''),
  )
  const input = {
    name: 'given',
    bytes: lines.length,
    source: statSync(projectDirectory),
    read: () =>
      Readable.from(
        (function* () {
          yield lines
          throw new CommandFailure('The disk is gone')
        })(),
      ) as ReadStream,
    remove: () => undefined,
  }
  const events: string[] = []
  const db = {
    prepare: () => ({ bind: () => undefined }),
    batch: async () => {
      await sleep(events.length * 50)
      events.push('batch')
      return [{ results: [{ position: 1, matches: '[]' }] }]
    },
  } as unknown as D1Database
  const stop = new AbortController().signal
  const failure = await makePlan(
    { db, input, systemUsers: new Set(), now: Date.now(), stop },
    undefined,
  ).catch((error: Error) => error.message)
  expect([...events, failure]).toEqual(['batch', 'batch', 'The disk is gone'])
})

/** The types that an export declares complete. */
const declaredIn = async (): Promise<string[]> => {
  const { stdout } = await runCommand('export', [], { state })
  return stdout
    .split('\n')
    .filter((line) => line.includes('coverage.declared') && line.includes('"complete":true'))
    .map((line) => JSON.parse(line).data.type)
}

it('fails without declaring a type complete when --skip-invalid leaves out lines about it', async () => {
  const declared = ['answer', 'kb_edit', 'kb_review'].map((type) => ({
    type: 'coverage.declared',
    timestamp: '2020-02-01T00:00:00Z',
    data: { type, complete: true },
  }))
  const bad = [
    { type: 'answer' },
    { type: 'contribution.retracted', timestamp: '2020-02-01T00:00:00Z', data: { type: 'kb_edit' } },
    { type: 'user.updated', timestamp: '2020-02-01T00:00:00Z', data: {} },
  ]
  const file = writeLines(join(state, 'some-bad.ndjson'), [...answers(2, 1), ...bad, bad[0], ...declared])
  const asked = [file, '--skip-invalid', '--complete', 'answer,solution']
  const sentences = [
    'answer was not declared complete, because 2 invalid lines that may be about it were left out',
    'kb_edit was not declared complete, because 1 invalid line that may be about it was left out',
    'Fix and backfill what was left out, then run again with --complete answer,kb_edit',
  ]
  const dry = await runCommand('backfill', [...asked, '--dry-run'], { state })
  expect([dry.code, dry.stderr.trimEnd().split('\n').slice(-3)]).toEqual([1, sentences])
  const run = await runCommand('backfill', asked, { state })
  expect([run.code, run.stderr.trimEnd().split('\n').slice(-3)]).toEqual([1, sentences])
  expect(run.stdout).toContain('recorded 2, ')
  expect(await declaredIn()).toEqual(['kb_review', 'solution'])
})

it('declares the types of each --complete when the lines left out are only about users', async () => {
  const bad = { type: 'user.erased', timestamp: '2020-02-01T00:00:00Z', data: {} }
  const file = writeLines(join(state, 'bad-user.ndjson'), [...answers(2, 1), bad])
  const asked = ['--skip-invalid', '--complete', 'answer', '--complete', 'question,kb_edit']
  const run = await runCommand('backfill', [file, ...asked], { state })
  expect(run.code, run.stderr).toBe(0)
  expect(run.stdout).toContain('\n1 invalid line\n')
  expect(run.stdout).toContain('\nDeclared complete: answer, question, kb_edit\n')
  expect((await declaredIn()).sort()).toEqual(['answer', 'kb_edit', 'question'])
})

it('backfill fails when standard input is empty', async () => {
  const run = await runCommand('backfill', ['-'], { state, input: '\n \n' })
  expect([run.code, run.stdout]).toEqual([1, ''])
  expect(run.stderr).toContain('standard input has no lines. Check the program that writes it')
})

it('a backfill whose file is not NDJSON keeps the errors file of an earlier run, and creates no database', async () => {
  const place = join(state, 'untouched')
  const errors = join(state, 'earlier.ndjson')
  const earlier = '{"line":1,"errors":[],"text":"x"}\n'
  const file = join(state, 'array.json')
  writeFileSync(errors, earlier)
  writeFileSync(file, '[{"type":"answer"}]')
  const run = await runCommand('backfill', [file, '--errors', errors], { state: place })
  expect([run.code, run.stdout, readFileSync(errors, 'utf8'), existsSync(place)]).toEqual([
    1,
    '',
    earlier,
    false,
  ])
  expect(run.stderr).toContain('is a JSON array, not one JSON object per line')
})

it('never truncates a file that is both standard input and the errors file', async () => {
  const file = join(state, 'kept.ndjson')
  writeFileSync(file, '{"line":1,"errors":[],"text":"x"}\n')
  const stdin = openSync(file, 'r')
  const run = await runCommand('backfill', ['-', '--errors', file], { state, stdin })
  closeSync(stdin)
  expect(run.code, run.stderr).toBe(2)
  expect(run.stderr).toContain('is the input file itself: name another file')
  expect(readFileSync(file, 'utf8')).toBe('{"line":1,"errors":[],"text":"x"}\n')
})

it('backfill says that it creates a missing database, which a dry run does not', async () => {
  const place = join(state, 'mistyped')
  const file = writeLines(join(state, 'one.ndjson'), answers(1, 1))
  const dry = await runCommand('backfill', [file, '--dry-run'], { state: place })
  expect(dry.code, dry.stderr).toBe(0)
  expect(dry.stderr).toContain(`No database in ${place}: the plan is for an empty one.`)
  expect(dry.stdout).toMatch(/^all +1 +0 +0 +0$/m)
  expect(existsSync(place)).toBe(false)
  const run = await runCommand('backfill', [file], { state: place })
  expect(run.code, run.stderr).toBe(0)
  expect(run.stderr).toContain(`No database in ${place}: creating one.`)
  const again = await runCommand('backfill', [file], { state: place })
  expect(again.stderr).not.toContain('No database')
})

it('backfill says why it cannot create a missing database', async () => {
  const file = writeLines(join(state, 'one.ndjson'), answers(1, 1))
  const run = await runCommand('backfill', [file], { state: join(file, 'inside') })
  expect(run.code, run.stderr).toBe(1)
  expect(run.stderr).toContain('Cannot open the database: ')
  expect(run.stdout).not.toContain('recorded')
})

it('a dry run of a backfill names the migrations that a database lacks, and applies none', async () => {
  const place = join(state, 'old')
  const databases = join(place, 'v3/d1/miniflare-D1DatabaseObject')
  mkdirSync(databases, { recursive: true })
  writeFileSync(join(databases, 'old.sqlite'), '')
  const file = writeLines(join(state, 'one.ndjson'), answers(1, 1))
  const { code, stderr } = await runCommand('backfill', [file, '--dry-run'], { state: place })
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^Cannot use the database: it lacks .* Run npm start once\n$/),
  ])
})

it.for(['export', 'reconcile'] as const)('%s does not create a missing database', async (command) => {
  const place = join(state, 'mistyped')
  const counts = writeLines(join(state, 'counts.ndjson'), [{ user_id: 1, type: 'answer', count: 0 }])
  const run = await runCommand(command, command === 'export' ? [] : [counts], { state: place })
  expect([run.code, run.stdout, run.stderr]).toEqual([
    1,
    '',
    `No database in ${place}: check --persist-to, or run npm start once to create one\n`,
  ])
  expect(existsSync(place)).toBe(false)
})

it('stops at Ctrl-C between two transactions, and another run records what is missing', async () => {
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

it('stops between two transactions when a supervisor ends npm run backfill', async () => {
  const file = writeLines(join(state, 'answers.ndjson'), answers(30_000, 100))
  const args = ['run', '--silent', 'backfill', '--', file, '--persist-to', state]
  const { child, output } = watch(spawn('npm', args, { cwd: projectDirectory, detached: true }))
  const { pid = 0 } = child
  await until(
    async () => output().includes('Writing'),
    () => `It does not write: ${output()}`,
  )
  child.kill('SIGTERM')
  await until(
    async () => (await runningIn(pid)).length === 0,
    () => `SIGTERM leaves something running: ${output()}`,
  )
  expect(output()).toContain('Stopped before the end: run the same command again')
})

it('stops at Ctrl-C while it copies standard input, and leaves no copy', async () => {
  const pipe = join(state, 'pipe')
  execFileSync('mkfifo', [pipe])
  const idle = await open(pipe, 'r+')
  vi.stubEnv('TMPDIR', state)
  const running = startCommand('backfill', ['-'], { state, stdin: idle.fd })
  vi.unstubAllEnvs()
  // A pipe holds less, so that this ends once the backfill reads.
  await idle.write(Buffer.alloc(1_000_000))
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect([code, stderr]).toEqual([1, 'Stopped before anything was written\n'])
  expect(readdirSync(state).filter((name) => name.startsWith('perennial-input'))).toEqual([])
  await idle.close()
})

it('counts a contribution once that arrives by webhook and by backfill at the same time', async () => {
  const sent = answers(20_000, 40)
  const file = writeLines(join(state, 'answers.ndjson'), sent)
  worker = await startWorker(state)
  const { url } = worker
  const running = startCommand('backfill', [file], { state })
  await printed(running, /Writing/)
  // The backfill is paused for half of the webhooks, so that they arrive in the middle of it, however fast it is.
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

it('counts unknown fields by name, also in a dry run, and knows the fields of an export', async () => {
  const [first, second, third] = answers(3, 1)
  const timestamp = '2026-01-01T00:00:00Z'
  const recorded_at = '2026-01-01T00:00:01.000Z'
  const lines = [
    first,
    { ...second, locael: 'de', user: { id: 1, karma: 7 }, timestamp },
    { type: 'contribution.created', timestamp, recorded_at, data: [{ ...third, locael: 'de', recorded_at }] },
    { type: 'user.erased', timestamp, data: { id: 9, 'a/b': { locael: 1 } } },
    { ...first, user: { id: 0 }, notCounted: 1 },
  ]
  const file = writeLines(join(state, 'unknown.ndjson'), lines)
  const expected = `6 unknown fields, ignored:
  "locael" 2 times, first on line 2; did you mean "locale"?
  "karma" once, first on line 2
  "timestamp" once, first on line 2
  "recorded_at" once, first on line 3
  "a/b" once, first on line 4
`
  const planned = await runCommand('backfill', [file, '--skip-invalid', '--dry-run'], { state })
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining(expected)])
  const written = await runCommand('backfill', [file, '--skip-invalid'], { state })
  expect([written.code, written.stdout]).toEqual([0, expect.stringContaining(expected)])
  expect(written.stdout).toContain('recorded 3,')
})

it('counts 100,000 unknown field names and shows the first 20', async () => {
  const lines = answers(1000, 1).map((answer, line) => ({
    ...answer,
    ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field ${line * 100 + index}`, 0])),
  }))
  const file = writeLines(join(state, 'unknown.ndjson'), lines)
  const { code, stdout } = await runCommand('backfill', [file, '--dry-run'], { state })
  expect(code).toBe(0)
  const shown = Array.from({ length: 20 }, (_, index) => `  "field ${index}" once, first on line 1\n`)
  expect(stdout).toContain(
    `100,000 unknown fields, ignored:\n${shown.join('')}  … and 99,980 more with other names\n`,
  )
})
