import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createState } from './support/built.ts'
import { runCommand, writeLines } from './support/commands.ts'
import { scratchDirectory } from './support/processes.ts'

const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']
const userCount = 300

interface Pair {
  user_id: number
  type: string
  count: number
}

/** How many contributions of a type a user has. */
const countOf = (userId: number, type: number): number => 1 + ((userId * 7 + type * 3) % 5)

const pairs: Pair[] = []
const contributions: object[] = []
for (let id = 1; id <= userCount; id += 1) {
  for (const [index, type] of types.entries()) {
    const count = countOf(id, index)
    pairs.push({ user_id: id, type, count })
    for (let each = 0; each < count; each += 1) {
      const content = { type: `site.${type}`, id: `${id}-${each}` }
      contributions.push({ type, user: { id }, occurred_at: `2020-01-0${each + 1}T00:00:00Z`, content })
    }
  }
}

/** What spam took away on both sides: the log has a reversing entry, the site has no row. */
const retracted = { content: { type: 'site.answer', id: '1-0' }, reason: 'spam' }

let directory: string
let state: string

beforeAll(async () => {
  directory = await scratchDirectory()
  state = join(directory, 'state')
  await createState(state)
  const lines = [
    ...contributions,
    { type: 'contribution.retracted', timestamp: '2020-02-01T00:00:00Z', data: retracted },
  ]
  const taken = await runCommand('backfill', [writeLines(join(directory, 'lines'), lines)], { state })
  expect(taken.code, taken.stderr).toBe(0)
  const first = pairs.find(({ user_id, type }) => user_id === 1 && type === 'answer')
  if (first) first.count -= 1
})

afterAll(async () => {
  await rm(directory, { recursive: true })
})

const reconcile = async (given: readonly unknown[], ...options: string[]) =>
  await runCommand('reconcile', [writeLines(join(directory, 'counts'), given), ...options], { state })

it('reconcile finds no drift in equal counts', async () => {
  const run = await reconcile([...pairs, { user_id: 9999, type: 'answer', count: 0 }])
  expect(run.code, run.stderr).toBe(0)
  expect(run.stdout).toContain('answer: 301 equal, 0 missing (0 contributions), 0 extra (0 contributions)')
})

it('reconcile finds each of 20 planted differences and nothing else', async () => {
  // Ten counts are too high and ten too low. One belongs to a user who is not in the log.
  const planted = new Map<string, number>()
  const given: Pair[] = pairs.map((pair, index) => {
    const nth = index / 90
    if (!Number.isInteger(nth) || planted.size === 19) return pair
    const by = nth % 2 === 0 ? 1 + nth : -1
    planted.set(`${pair.user_id} ${pair.type}`, by)
    return { ...pair, count: pair.count + by }
  })
  given.push({ user_id: 12_345, type: 'kb_edit', count: 4 })
  planted.set('12345 kb_edit', 4)
  expect(planted.size).toBe(20)

  const run = await reconcile(given, '--json')
  expect(run.code, run.stderr).toBe(3)
  const found = run.stdout
    .trimEnd()
    .split('\n')
    .map((line): Pair & { site: number; log: number; contributions: { content: { id: string } }[] } =>
      JSON.parse(line),
    )
  expect(found.map(({ user_id, type, site, log }) => [`${user_id} ${type}`, site - log])).toEqual([
    ...planted,
  ])
  expect(run.stderr).toContain('Drift: 20 pairs differ')

  const shown = await reconcile(given, '--worst', '2')
  expect(shown.code).toBe(3)
  expect(shown.stdout).toContain('user 12345: site 4, log 0: 4 missing from the log')
  const extra = found.find(({ site, log }) => site < log)
  const newest = extra?.contributions.map(({ content }) => content.id)
  expect(newest).toEqual(
    Array.from(
      { length: extra?.log ?? 0 },
      (_, index) => `${extra?.user_id}-${(extra?.log ?? 0) - 1 - index}`,
    ),
  )
})

it('lists a reversed contribution that the site still counts', async () => {
  const run = await reconcile([{ user_id: 1, type: 'answer', count: countOf(1, 1) }])
  expect(run.code).toBe(3)
  expect(run.stdout).toContain('site.answer 1-0, 2020-01-01T00:00:00.000Z, reversed')
})

it('says that the log counts the other contributions that it lists', async () => {
  const run = await reconcile([{ user_id: 2, type: 'answer', count: 9999 }])
  expect(run.code).toBe(3)
  expect(run.stdout).toMatch(/site\.answer 2-\d+, \S+, counted by the log$/m)
})

it('reconcile reports invalid lines and fails', async () => {
  const run = await reconcile([
    pairs[0],
    { user_id: 0, type: 'answer', count: 1 },
    { user_id: 1, type: 'answer' },
    7,
  ])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('line 2: /user_id: Cannot use 0')
  expect(run.stderr).toContain('line 3: Missing "count": use a whole number of at least 0\n')
  expect(run.stderr).toContain('line 4: Cannot use 7')
  expect(run.stderr).toContain('3 invalid lines not compared: fix them and run again\n')
  expect((await runCommand('reconcile', [], { state })).code).toBe(2)
  expect((await runCommand('reconcile', ['--help'])).code).toBe(0)
})

it('reconcile reports a pair that the file repeats, and shows at most 20 invalid lines', async () => {
  const pair = JSON.stringify({ user_id: 3, type: 'answer', count: 1 })
  const lines = [pair, ...Array.from({ length: 30 }, () => pair)].join('\n')
  const { code, stderr } = await runCommand('reconcile', ['-'], { state, input: lines })
  expect(code).toBe(1)
  expect(stderr.match(/: Repeats the user and the type of line 1$/gm)).toHaveLength(20)
  expect(stderr).toContain('line 2: Repeats')
  expect(stderr).toContain('… and more lines, which are not shown')
  expect(stderr).toContain('30 invalid lines not compared')
})

it('reconcile fails when the file is empty', async () => {
  const run = await runCommand('reconcile', ['-'], { state, input: '' })
  expect([run.code, run.stdout, run.stderr]).toEqual([
    1,
    '',
    'standard input has no lines. Check the program that writes it\n',
  ])
})

it('reconcile fails when standard output cannot be written', async () => {
  const file = writeLines(join(directory, 'different'), [{ user_id: 1, type: 'answer', count: 999 }])
  const stdout = openSync('/dev/full', 'w')
  const run = await runCommand('reconcile', [file, '--json'], { state, stdout })
  closeSync(stdout)
  expect([run.code, run.stderr]).toEqual([
    1,
    'Cannot write standard output: the disk is full. Free some space and run again\n',
  ])
})
