import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { makePlan } from '../../src/cli/backfill/plan.ts'
import { declareComplete, write } from '../../src/cli/backfill/write.ts'
import { CommandFailure } from '../../src/cli/command.ts'
import { openInput } from '../../src/cli/lines/input.ts'
import { openDatabase, type Database } from '../../src/cli/platform/database.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'
import { runBatch } from '../../src/log/database.ts'
import { readStandingCounts } from '../../src/log/queries/standingCounts.ts'
import { amount } from '../support/form.ts'
import { createState } from './support/built.ts'
import { backfillInto, exportFrom, sorted } from './support/backfilled.ts'
import { childrenOf, scratchDirectory } from './support/processes.ts'

import * as fc from 'fast-check'

let directory: string
const databases: Database[] = []

/** A database shared by several tests, which use different contents. */
let shared: D1Database

/** A new, empty database. */
const emptyDatabase = async (): Promise<D1Database> => {
  const persistTo = join(directory, String(databases.length))
  await createState(persistTo)
  const database = await openDatabase({ remote: false, persistTo })
  databases.push(database)
  return database.db
}

beforeAll(async () => {
  directory = await scratchDirectory()
  shared = await emptyDatabase()
})

afterAll(async () => {
  for (const database of databases) await database.close()
  await rm(directory, { recursive: true })
})

const start = Date.UTC(2020, 0, 1)
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString()
const message = (type: string, timestamp: string, data: unknown) => ({ type, timestamp, data })
const systemAccount = 999_999

const contribution = (id: number, userId: number, fields: object = {}) => ({
  type: contributionTypes[id % contributionTypes.length],
  user: { id: userId },
  occurred_at: at(id),
  content: { type: 'site.content', id: String(id) },
  ...fields,
})

const about = (id: number) => ({ content: { type: 'site.content', id: String(id) } })

/** Messages of one kind about contributions and users numbered from `first`. */
const kinds = {
  'contributions on their own': (first: number, count: number) =>
    range(first, count).map((id) => contribution(id, id)),
  'contribution.created': (first: number, count: number) => [
    message(
      'contribution.created',
      at(first),
      range(first, count).map((id) => contribution(id, id)),
    ),
  ],
  spam: (first: number, count: number) => [
    message(
      'contribution.created',
      at(first),
      range(first, count).map((id) => contribution(id, id, { spam: true })),
    ),
  ],
  'contributions of system accounts': (first: number, count: number) => [
    message(
      'contribution.created',
      at(first),
      range(first, count).map((id) => contribution(id, systemAccount)),
    ),
  ],
  'contribution.retracted': (first: number, count: number) => [
    message(
      'contribution.retracted',
      at(first),
      range(first, count).map((id) => ({ ...about(id), reason: 'spam' })),
    ),
  ],
  'contribution.restored': (first: number, count: number) => [
    message('contribution.restored', at(first + 1), range(first, count).map(about)),
  ],
  'contribution.amended': (first: number, count: number) => [
    message(
      'contribution.amended',
      at(first),
      range(first, count).map((id) => ({
        ...about(id),
        ...(id % 2 === 0 && { type: contributionTypes[id % contributionTypes.length] }),
        set: [{ user: { id: id + 1 } }, { locale: null, self: true }, { product: 'mobile', parent: null }][
          id % 3
        ],
      })),
    ),
  ],
  'contributions with titles': (first: number, count: number) => [
    message(
      'contribution.created',
      at(first),
      range(first, count).map((id) =>
        contribution(id, id, { content: { type: 'site.content', id: String(id), title: `Title ${first}` } }),
      ),
    ),
  ],
  'content.deleted': (first: number, count: number) => [
    message('content.deleted', at(first), range(first, count).map(about)),
  ],
  'content.undeleted': (first: number, count: number) => [
    message('content.undeleted', at(first + 1), range(first, count).map(about)),
  ],
  groups: (first: number, count: number) => [
    message(
      'user.updated',
      at(first),
      range(first, count).map((id) => ({ id, groups: ['staff', `g${id % 5}`].slice(id % 3) })),
    ),
  ],
  'user.updated': (first: number, count: number) => [
    message(
      'user.updated',
      at(first),
      range(first, count).map((id) => ({ id, username: `u${id}` })),
    ),
  ],
  'user.erased': (first: number, count: number) => [
    message(
      'user.erased',
      at(first),
      range(first, count).map((id) => ({ id })),
    ),
  ],
  'coverage.declared': (first: number, count: number) => [
    message(
      'coverage.declared',
      at(first),
      range(first, count).map((id) => ({ type: contributionTypes[id % 6], complete: id % 2 === 0 })),
    ),
  ],
}
type Kind = keyof typeof kinds

/** The outcome of new messages of each kind. */
const outcomes: Record<Kind, string> = {
  'contributions on their own': 'recorded',
  'contribution.created': 'recorded',
  spam: 'ignored',
  'contributions of system accounts': 'ignored',
  'contribution.retracted': 'applied',
  'contribution.restored': 'applied',
  'contribution.amended': 'applied',
  'contributions with titles': 'recorded',
  'content.deleted': 'applied',
  'content.undeleted': 'applied',
  groups: 'applied',
  'user.updated': 'applied',
  'user.erased': 'applied',
  'coverage.declared': 'applied',
}

const range = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index)

const kindNames = Object.keys(kinds) as Kind[]

/** The numbers of items in a block: 1, and the limits of a message and of a transaction, with their neighbours. */
const sizes = [1, 2, 999, 1000]

interface Block {
  kind: Kind
  size: number
  first: number
}

const block: fc.Arbitrary<Block> = fc.record({
  kind: fc.constantFrom(...kindNames),
  size: fc.constantFrom(...sizes),
  // Only a few offsets, so that blocks overlap.
  first: fc.constantFrom(1, 501, 2001),
})

const linesOf = (blocks: readonly Block[]): unknown[] =>
  blocks.flatMap(({ kind, first, size }): unknown[] => kinds[kind](first, size))

/** Values whose order as text is not that as numbers, or in UTF-16 not that in UTF-8. */
const amendedSet = fc
  .record(
    {
      user: fc.constantFrom({ id: 9 }, { id: 10 }),
      locale: fc.constantFrom(null, 'de', 'fr'),
      product: fc.constantFrom(null, 'ios', 'mobile'),
      parent: fc.constantFrom(null, ...['\u{FB00}', '\u{1D4B3}'].map((id) => ({ type: 'q', id }))),
      self: fc.constantFrom(null, true),
    },
    { requiredKeys: [] },
  )
  .filter((set) => Object.keys(set).length > 0)

const amendmentsOfOneContent = fc.array(
  fc.record({
    type: fc.constantFrom(undefined, ...contributionTypes.slice(0, 2)),
    set: amendedSet,
    minute: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 2, maxLength: 8 },
)

/** Amendments of 200 contents that are recorded in one transaction: few types, instants and values for each content. */
const amendmentsInOneBatch = (): object[] =>
  fc
    .sample(amendmentsOfOneContent, { numRuns: 200, seed: inject('seed') })
    .flatMap((amendments, id) =>
      amendments.map(({ type, set, minute }) =>
        message('contribution.amended', at(minute), { ...about(id), type, set }),
      ),
    )

describe('a backfill', () => {
  it.for(kindNames)('accepts a file that has only %s', async (kind) => {
    // Each kind has contents and users of its own, so all of them are new.
    const lines = kinds[kind](10_000 + 100 * kindNames.indexOf(kind), 3)
    const { plan, written } = await backfillInto(shared, directory, lines, [systemAccount])
    const none = { recorded: 0, duplicate: 0, ignored: 0, applied: 0, unchanged: 0, stopped: false }
    const { conflicts, seconds: _, ...counts } = written
    expect(counts).toEqual({ ...none, [outcomes[kind]]: 3 })
    expect([conflicts.count, plan.contributions.total + plan.others]).toEqual([0, 3])
  })

  it('restores an export that equals the first one, however it is divided into transactions', async () => {
    const original = await emptyDatabase()
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 6 }), async (blocks) => {
        await backfillInto(original, directory, linesOf(blocks), [systemAccount])
      }),
      { numRuns: 12, endOnFailure: true },
    )
    const exported = await exportFrom(original)
    const copy = await emptyDatabase()
    await backfillInto(copy, directory, exported)
    expect(sorted(await exportFrom(copy))).toEqual(sorted(exported))
  })

  it('restores every amendment of a content that was recorded at the same instant', async () => {
    const [original, copy] = [await emptyDatabase(), await emptyDatabase()]
    await backfillInto(original, directory, amendmentsInOneBatch())
    const exported = await exportFrom(original)
    await backfillInto(copy, directory, exported)
    expect(sorted(await exportFrom(copy))).toEqual(sorted(exported))
  })

  it.for([
    ['has fewer lines', (lines: string[]) => lines.slice(1)],
    ['has more lines', (lines: string[]) => [...lines, JSON.stringify(contribution(80_009, 1))]],
    ['has fewer invalid lines', (lines: string[]) => lines.slice(0, -1)],
    ['has more invalid lines', (lines: string[]) => [...lines, '{"type":']],
    ['has an invalid line for a valid one', (lines: string[]) => ['{"type":', ...lines.slice(1)]],
  ] as const)('fails before its last transaction if the file %s after the plan', async ([, change]) => {
    const lines = [...range(80_000, 3).map((id) => JSON.stringify(contribution(id, 1))), '{"type":']
    const file = join(directory, 'changing.ndjson')
    writeFileSync(file, lines.join('\n'))
    const stop = new AbortController().signal
    const input = await openInput(file)
    const backfill = { db: shared, input, systemUsers: new Set<number>(), now: Date.now(), stop }
    const plan = await makePlan(backfill, undefined)
    writeFileSync(file, change(lines).join('\n'))
    await expect(write(backfill, plan)).rejects.toThrow(
      new CommandFailure(
        'Cannot continue: the file changed during the backfill. Run again once it is complete',
      ),
    )
    expect((await exportFrom(shared)).filter((line) => JSON.stringify(line).includes('"8000'))).toEqual([])
  })

  it('names the types that a later declaration keeps incomplete', async () => {
    const db = await emptyDatabase()
    const ahead = new Date(Date.now() + 290_000).toISOString()
    await backfillInto(db, directory, [
      message('coverage.declared', ahead, { type: contributionTypes[0], complete: false }),
    ])
    expect(await declareComplete(db, contributionTypes.slice(0, 2))).toEqual(contributionTypes.slice(0, 1))
  })

  it('records exported contributions of users whom SYSTEM_USER_IDS has since listed', async () => {
    const original = await emptyDatabase()
    const lines = [
      contribution(1, 7),
      contribution(2, 8),
      message('contribution.retracted', at(9), { ...about(1), reason: 'mistake' }),
      message('contribution.restored', at(10), about(1)),
      message('contribution.amended', at(11), { ...about(2), set: { user: { id: 7 } } }),
    ]
    await backfillInto(original, directory, lines)
    const exported = await exportFrom(original)
    const copy = await emptyDatabase()
    await backfillInto(copy, directory, exported, [7, 8])
    expect(await countsIn(copy, [7, 8])).toEqual(await countsIn(original, [7, 8]))
    expect(sorted(await exportFrom(copy))).toEqual(sorted(exported))
  })

  it.for([
    ['no date', 'yesterday'],
    ['a number', 7],
    ['before the year 2000', '1999-12-31T23:59:59.999Z'],
    ['in the future', '9999-01-01T00:00:00Z'],
  ] as const)('refuses recorded_at when it is %s', async ([, recorded_at]) => {
    const created = message('contribution.created', at(1), contribution(90_000, 7))
    const { plan, written } = await backfillInto(shared, directory, [{ ...created, recorded_at }], [7])
    expect([plan.invalid, written.recorded]).toEqual([1, 0])
  })

  it.for([
    ['is null', message('contribution.created', at(1), contribution(90_001, 7)), null],
    ['stands in a Contribution', contribution(90_001, 7), at(1)],
  ] as const)('ignores a system account when recorded_at %s', async ([, line, recorded_at]) => {
    const { written } = await backfillInto(shared, directory, [{ ...line, recorded_at }], [7])
    expect([written.recorded, written.ignored]).toEqual([0, 1])
  })
})

it('a batch that is repeated because its answer was lost counts as recorded, except what the file repeats', async () => {
  const db = await emptyDatabase()
  const known = contribution(1, 7)
  await backfillInto(db, directory, [known])
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => logged.mockRestore())
  let lost = 0
  const losing = new Proxy(db, {
    get: (target, name: keyof D1Database) => {
      if (name !== 'batch') return target[name].bind(target)
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements)
        const wrote = results.some(({ meta }) => meta.changed_db)
        if (!wrote || lost > 0) return results
        lost += 1
        throw new Error('D1_ERROR: Network connection lost.')
      }
    },
  })
  const fresh = contribution(2, 7)
  const { written } = await backfillInto(losing, directory, [
    known,
    fresh,
    fresh,
    { ...fresh, user: { id: 8 } },
  ])
  expect([lost, written.recorded, written.duplicate, written.conflicts.count]).toEqual([1, 1, 2, 1])
})

it('stops opening a database at Ctrl-C', async () => {
  const stop = new AbortController()
  const opening = openDatabase({ persistTo: join(directory, 'unopened') }, stop.signal)
  const reason = new CommandFailure('Stopped')
  stop.abort(reason)
  await expect(opening).rejects.toBe(reason)
})

it('reports no outage for a batch whose database is closed before it is answered', async () => {
  const persistTo = join(directory, 'closed')
  await createState(persistTo)
  const { db, close } = await openDatabase({ persistTo })
  const long =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) SELECT max(i) FROM n'
  const failed = vi.fn()
  void db.batch([db.prepare(long)]).catch(failed)
  await close()
  await pause(0)
  expect(failed).not.toHaveBeenCalled()
})

it('says that the connection is lost if the database process dies, and can then be closed', async () => {
  const persistTo = join(directory, 'killed')
  await createState(persistTo)
  const before = await childrenOf(process.pid, 'MainThread')
  const { db, close } = await openDatabase({ persistTo })
  const opened = (await childrenOf(process.pid, 'MainThread')).filter((pid) => !before.includes(pid))
  expect(opened).toHaveLength(1)
  for (const pid of opened) process.kill(pid, 'SIGTERM')
  const lost = {
    name: 'CommandFailure',
    message: expect.stringMatching(/^Lost the connection to the database/),
  }
  await expect(db.batch([db.prepare('SELECT 1')])).rejects.toMatchObject(lost)
  await close()
})

/** The number of contributions by user and type. */
const countsIn = async (db: D1Database, userIds: readonly number[]): Promise<Map<string, number>> => {
  const [rows] = await runBatch(db, readStandingCounts(db, userIds))
  return new Map(
    rows.filter(({ count }) => count !== 0).map(({ user_id, type, count }) => [`${user_id} ${type}`, count]),
  )
}

it('an export without room for its temporary files says so', async () => {
  const original = await emptyDatabase()
  await backfillInto(original, directory, amendmentsInOneBatch())
  const exec = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec')?.value as (sql: string) => void
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function limited(
    this: DatabaseSync,
    sql,
  ) {
    exec.call(this, `PRAGMA max_page_count = 2; ${sql}`)
  })
  onTestFinished(() => spy.mockRestore())
  await expect(exportFrom(original)).rejects.toThrow(
    new CommandFailure(
      `Cannot write temporary files in ${tmpdir()}: Error: database or disk is full. Free some space or set TMPDIR to another folder, then run again`,
    ),
  )
})

describe('many messages of every type, users first', () => {
  /** Every number below is for 100,000 messages; the short form sends a fifth. */
  const part = amount(0.2, 1)
  const people = 20_000 * part
  const contributions = 50_000 * part
  const userOf = (id: number): number => 1 + (id % people)
  const isRetracted = (id: number): boolean => id % 5 === 0
  const isRestored = (id: number): boolean => id % 10 === 0
  const retracted = range(0, contributions).filter(isRetracted)
  const lines = [
    ...range(1, people).map((id) => message('user.updated', at(id), { id, username: `u${id}` })),
    ...retracted.map((id) => message('contribution.retracted', at(id), { ...about(id), reason: 'spam' })),
    ...range(0, contributions).map((id) =>
      message('contribution.created', at(id), contribution(id, userOf(id))),
    ),
    ...retracted.filter(isRestored).map((id) => message('contribution.restored', at(id + 1), about(id))),
    ...range(contributions, 3000 * part).map((id) => contribution(id, userOf(id), { spam: true })),
    ...range(contributions, 3000 * part).map((id) => contribution(id, systemAccount)),
    ...range(0, 4000 * part - contributionTypes.length).map((id) =>
      message('content.deleted', at(id), about(id)),
    ),
    ...range(1, 5000 * part).map((id) => message('user.erased', at(id), { id: id * 3 })),
    ...contributionTypes.map((type) => message('coverage.declared', at(0), { type, complete: true })),
  ]

  const expectedCounts = (): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const id of range(0, contributions)) {
      if (isRetracted(id) && !isRestored(id)) continue
      const key = `${userOf(id)} ${contribution(id, 1).type}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    return counts
  }

  it('are restored from an export with the same numbers and the same lines', async () => {
    expect(lines).toHaveLength(100_000 * part)
    const original = await emptyDatabase()
    await backfillInto(original, directory, lines, [systemAccount])
    const exported = await exportFrom(original)
    const copy = await emptyDatabase()
    await backfillInto(copy, directory, exported)
    const everyone = range(1, people)
    expect(await countsIn(original, everyone)).toEqual(expectedCounts())
    expect(await countsIn(copy, everyone)).toEqual(expectedCounts())
    expect(sorted(await exportFrom(copy))).toEqual(sorted(exported))
  })
})
