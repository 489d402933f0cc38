import { closeSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createState } from './support/built.ts'
import { answers, runCommand, startCommand, writeLines } from './support/commands.ts'
import { scratchDirectory } from './support/processes.ts'
import { aMessage, deliver, read } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

const message = (type: string, timestamp: string, data: unknown) => ({ type, timestamp, data })
const aboutAnswer = (id: number, reason?: string) => ({ content: { type: 'questions.answer', id }, reason })

/** Something of everything that can be recorded, in an order that is not that of time. */
const history = [
  message('contribution.retracted', '2021-05-01T00:00:00Z', aboutAnswer(3, 'spam')),
  message('contribution.restored', '2021-05-02T00:00:00Z', aboutAnswer(3)),
  message('contribution.retracted', '2021-05-03T00:00:00.250Z', {
    ...aboutAnswer(4, 'fraud'),
    type: 'answer',
  }),
  message('contribution.retracted', '2021-05-03T00:00:00Z', aboutAnswer(999_999, 'mistake')),
  ...answers(200, 10),
  {
    type: 'kb_edit',
    user: { id: 11, username: 'Zoë', display_name: null },
    occurred_at: '2021-01-01T10:00:00.123+02:00',
    content: { type: 'wiki.revision', id: 5 },
    parent: { type: 'wiki.document', id: 'de/überblick' },
    locale: 'de',
    product: 'firefox',
    self: true,
  },
  message('contribution.retracted', '2021-06-01T00:00:00Z', aboutAnswer(5, 'unsolved')),
  message('contribution.restored', '2021-06-02T00:00:00Z', aboutAnswer(5, 'other')),
  message('contribution.retracted', '2021-06-03T00:00:00Z', aboutAnswer(5, 'spam')),
  message('contribution.amended', '2021-06-01T00:00:00Z', {
    ...aboutAnswer(6),
    set: { user: { id: 53, username: 'neu' }, locale: 'pl', product: null },
  }),
  message('contribution.amended', '2021-05-01T00:00:00Z', {
    ...aboutAnswer(6),
    type: 'answer',
    set: { parent: { type: 'q', id: 'ü"' }, self: true, locale: null },
  }),
  message('contribution.amended', '2021-05-02T00:00:00Z', { ...aboutAnswer(5), set: { parent: null } }),
  message('contribution.amended', '2021-05-02T00:00:00Z', { ...aboutAnswer(888_888), set: { self: null } }),
  message('contribution.created', '2021-04-01T00:00:00Z', {
    ...answers(7, 1)[0],
    content: { ...aboutAnswer(7).content, title: 'A "title" ü', url: 'https://example.org/7' },
  }),
  message('contribution.created', '2021-04-02T00:00:00Z', {
    ...answers(7, 1)[0],
    content: { ...aboutAnswer(7).content, title: 'Another title' },
  }),
  message('content.deleted', '2021-07-01T00:00:00Z', [aboutAnswer(7), aboutAnswer(8), aboutAnswer(777_777)]),
  message('content.undeleted', '2021-07-02T00:00:00Z', aboutAnswer(8)),
  message('user.updated', '2021-01-01T00:00:00Z', { id: 1, groups: ['staff', 'l10n'] }),
  message('user.updated', '2021-01-02T00:00:00Z', { id: 3, username: 'eva', groups: ['staff'] }),
  message('user.updated', '2021-01-02T00:00:00Z', { id: 2, groups: ['staff'] }),
  message('user.updated', '2021-01-03T00:00:00Z', { id: 4, groups: [] }),
  message('user.updated', '2021-01-01T00:00:00Z', { id: 1, username: 'ana', display_name: 'Ana "A" Öz' }),
  message('user.updated', '2021-02-01T00:00:00Z', { id: 1, username: null, is_hidden: true }),
  message('user.updated', '2021-03-01T00:00:00Z', { id: 1, is_hidden: false, is_active: true }),
  message('user.updated', '2021-01-01T00:00:00Z', { id: 2, username: 'gone', is_system: true }),
  message('user.erased', '2021-01-02T00:00:00Z', { id: 2 }),
  message('user.updated', '2021-01-01T00:00:00Z', { id: 50 }),
  message('user.updated', '2021-01-01T00:00:00Z', { id: 51, avatar_url: 'https://example.org/ü.png' }),
  message('user.erased', '2021-01-01T00:00:00Z', { id: 52 }),
  message('coverage.declared', '2021-01-01T00:00:00Z', { type: 'answer', complete: true }),
  message('coverage.declared', '2021-01-01T00:00:00Z', {
    type: 'kb_edit',
    complete: false,
    since: '2020-06-01T00:00:00Z',
  }),
]

let directory: string
const workers: KillableWorker[] = []

beforeAll(async () => {
  directory = await scratchDirectory()
  for (const name of ['original', 'copy']) await createState(join(directory, name))
})

afterAll(async () => {
  for (const worker of workers) await worker.kill()
  await rm(directory, { recursive: true })
})

const start = async (name: string): Promise<string> => {
  const worker = await startWorker(join(directory, name))
  workers.push(worker)
  return worker.url
}

const stopAll = async (): Promise<void> => {
  for (const worker of workers.splice(0)) await worker.kill()
}

const asOf = '2022-01-01T00:00:00Z'
const questions = [
  ...[...Array.from({ length: 11 }, (_, index) => index + 1), 50, 51, 52, 53].flatMap((id) => [
    `/v1/users/${id}?as_of=${asOf}`,
    `/v1/users/${id}/contributions?limit=100`,
  ]),
  ...['support-forum', 'l10n', 'overall', 'support-forum?group=staff', 'overall?locale=pl'].map(
    (board) => `/v1/leaderboards/${board}${board.includes('?') ? '&' : '?'}window=all&as_of=${asOf}`,
  ),
  `/v1/metrics/active_contributors?window=3000d&as_of=${asOf}`,
  '/v1/status',
]

/** Everything that a site can see, but for what only says when and where it was recorded. */
const everything = async (url: string): Promise<unknown[]> => {
  const answered: unknown[] = []
  for (const question of questions) {
    const response = await fetch(`${url}${question}`)
    const text = await response.text()
    answered.push([question, response.status, text.replaceAll(/"(position|as_of)":("[^"]*"|\d+),?/g, '')])
  }
  return answered
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n').sort()

it('an export restores the same numbers, profiles, coverage and answers in an empty database', async () => {
  const original = join(directory, 'original')
  const taken = await runCommand('backfill', [writeLines(join(directory, 'history'), history)], {
    state: original,
  })
  expect(taken.code, taken.stderr).toBe(0)
  const first = await start('original')
  await deliver(first, aMessage('contribution.created', { ...answers(1, 1)[0], type: 'question' }))
  const before = await everything(first)
  await stopAll()

  const file = join(directory, 'export.ndjson.gz')
  const exported = await runCommand('export', ['--output', file], { state: original })
  expect(exported.code, exported.stderr).toBe(0)
  const back = await runCommand('backfill', [file], { state: join(directory, 'copy') })
  expect(back.code, back.stderr).toBe(0)
  expect(back.stdout).toContain('recorded 202, duplicate 1, conflict 0, ignored 0')
  const again = await runCommand('export', ['--output', '-'], { state: join(directory, 'copy') })
  expect(again.code, again.stderr).toBe(0)
  // A transaction applies contributions before corrections, so the order of these two may differ.
  expect(linesOf(again.stdout)).toEqual(linesOf(gunzipSync(readFileSync(file)).toString()))

  const second = await start('copy')
  expect(await everything(second)).toEqual(before)
  // An older correction does not override a later one, in the copy as in the original.
  const third = await start('original')
  const older: [string, unknown, string][] = [
    ['contribution.restored', aboutAnswer(4), '2021-05-02T00:00:00Z'],
    ['contribution.retracted', aboutAnswer(3, 'spam'), '2021-05-01T12:00:00Z'],
    ['contribution.retracted', aboutAnswer(5, 'spam'), '2021-06-03T00:00:00Z'],
    [
      'contribution.amended',
      { ...aboutAnswer(6), set: { locale: 'de', self: false } },
      '2021-05-01T00:00:00Z',
    ],
    ['contribution.amended', { ...aboutAnswer(6), set: { product: 'ios' } }, '2021-05-31T00:00:00Z'],
    ['content.deleted', aboutAnswer(8), '2021-07-01T12:00:00Z'],
    ['user.updated', { id: 1, groups: ['other'] }, '2020-12-31T00:00:00Z'],
    ['user.updated', { id: 1, username: 'old', is_hidden: true }, '2021-01-15T00:00:00Z'],
    ['user.updated', { id: 2, username: 'back' }, '2030-01-01T00:00:00Z'],
    ['coverage.declared', { type: 'answer', complete: false }, '2020-01-01T00:00:00Z'],
  ]
  for (const [type, data, timestamp] of older.filter(([, , at]) => Date.parse(at) < Date.now())) {
    const answer = async (url: string): Promise<unknown> => {
      const { results } = await deliver(url, aMessage(type, data, timestamp))
      return results
    }
    expect(await answer(second), type).toEqual(await answer(third))
  }
  expect(await everything(second)).toEqual(await everything(third))
  expect((await read(second, '/v1/users/1')).user.username).toBeNull()
})

it('export writes nothing, and says why, without a database or a folder for its file', async () => {
  const none = await runCommand('export', [], { state: join(directory, 'none') })
  expect([none.code, none.stdout]).toEqual([1, ''])
  expect(none.stderr).toContain('No database in ')
  const place = await runCommand('export', ['--output', join(directory, 'no/such/place')], {
    state: join(directory, 'copy'),
  })
  expect(place.code).toBe(1)
  expect(place.stderr).toContain('no such folder')
})

it('export fails when its reader closes standard output before the end', async () => {
  const { child, stderr, ended } = startCommand('export', ['--output', '-'], {
    state: join(directory, 'original'),
  })
  child.stdout?.destroy()
  const { code } = await ended
  expect([code, stderr()]).toEqual([1, 'The export is incomplete: its reader closed standard output\n'])
})

it('export says that the disk is full when standard output cannot be written', async () => {
  const stdout = openSync('/dev/full', 'w')
  const run = await runCommand('export', [], { state: join(directory, 'original'), stdout })
  closeSync(stdout)
  expect([run.code, run.stderr]).toEqual([
    1,
    'Cannot write standard output: the disk is full. Free some space and run again\n',
  ])
})
