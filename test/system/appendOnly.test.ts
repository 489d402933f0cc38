import { globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runWrangler } from '../../src/cli/platform/wrangler.ts'
import { isLong } from '../support/form.ts'
import { createState } from './support/built.ts'
import { scratchDirectory } from './support/processes.ts'

/*
 * Runs SQL on the database without the Worker's code, as an operator with a shell could. Each attempt is a separate
 * process, and its effect is read from the file on disk.
 */

let state: string

const execute = async (sql: string) =>
  await runWrangler(['d1', 'execute', 'DB', '--local', '--persist-to', state, '--command', sql])

/** All rows of both append-only tables. */
const everything = (): unknown[][] => {
  const files = globSync(join(state, 'v3/d1/*/*.sqlite'))
  const file = files.find((name) => !name.endsWith('metadata.sqlite')) ?? 'no database'
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return ['events ORDER BY position', 'corrections ORDER BY content_id'].map((table) =>
      database.prepare(`SELECT * FROM ${table}`).all(),
    )
  } finally {
    database.close()
  }
}

const columns = 'type, content_type, content_id, user_id, occurred_at, recorded_at'

beforeAll(async () => {
  state = await scratchDirectory()
  await createState(state)
  const seeded = await execute(`INSERT INTO events (${columns}) VALUES
      ('answer', 'a', '1', 7, 1000, 2000), ('answer', 'a', '2', 7, 1001, 2000), ('kb_edit', 'r', '3', 8, 1002, 2000);
    INSERT INTO corrections (content_id, content_type, at, retracted, reason, recorded_at)
      VALUES ('2', 'a', 1500, 1, 'spam', 2000)`)
  expect(seeded.code, seeded.output).toBe(0)
  expect(everything()).toMatchObject([
    [
      { position: 1, user_id: 7, delta: 1 },
      { position: 2, user_id: 7, delta: 1 },
      { position: 3, user_id: 8, delta: 1 },
      { position: 4, user_id: 7, delta: -1, reason: 'spam' },
    ],
    [{ content_id: '2', retracted: 1 }],
  ])
})

afterAll(async () => {
  await rm(state, { recursive: true })
})

const known = `'answer', 'a', '1', 666, 6, 6`
const unknown = `'answer', 'a', '666', 666, 6, 6`

/** Statements, and the error that the database gives for each; none for a statement that SQLite ignores. */
const attempts: [attempt: string, sql: string, refusal?: string][] = [
  ['UPDATE', 'UPDATE events SET user_id = 666', 'the log is append-only'],
  [
    'UPDATE OR REPLACE',
    'UPDATE OR REPLACE events SET position = 1 WHERE position = 2',
    'the log is append-only',
  ],
  ['DELETE', 'DELETE FROM events', 'the log is append-only'],
  [
    'INSERT OR REPLACE by position',
    `INSERT OR REPLACE INTO events (position, ${columns}) VALUES (1, ${unknown})`,
  ],
  ['INSERT OR REPLACE by identity', `INSERT OR REPLACE INTO events (${columns}) VALUES (${known})`],
  [
    'INSERT … ON CONFLICT (position) DO UPDATE',
    `INSERT INTO events (position, ${columns}) VALUES (1, ${unknown}) ON CONFLICT (position) DO UPDATE SET user_id = 666`,
  ],
  [
    'INSERT … ON CONFLICT (identity) DO UPDATE',
    `INSERT INTO events (${columns}) VALUES (${known})
     ON CONFLICT (content_id, content_type, type, entry) DO UPDATE SET user_id = 666`,
  ],
  [
    'an INSERT that leaves a gap of positions',
    `INSERT INTO events (position, ${columns}) VALUES (6, ${unknown})`,
    'positions have no gaps',
  ],
  [
    'an INSERT before the first position',
    `INSERT INTO events (position, ${columns}) VALUES (0, ${unknown})`,
    'CHECK constraint failed',
  ],
  [
    'a reversal of what was never recorded',
    `INSERT INTO events (entry, ${columns}) VALUES (1, ${unknown})`,
    'an entry follows the one before it',
  ],
  ['UPDATE of a correction', 'UPDATE corrections SET retracted = 0', 'corrections are append-only'],
  ['DELETE of a correction', 'DELETE FROM corrections', 'corrections are append-only'],
  [
    'INSERT OR REPLACE of a correction',
    `INSERT OR REPLACE INTO corrections (content_id, content_type, at, retracted, reason, recorded_at)
     VALUES ('2', 'a', 1500, 1, 'fraud', 6)`,
  ],
]

/** The short form tries one of each kind: test/log/appendOnly.test.ts tries them all within the Worker. */
const tried = isLong
  ? attempts
  : attempts.filter(([attempt]) => /^(?:UPDATE|DELETE|INSERT OR REPLACE of a correction)$/.test(attempt))

it.for(tried)('the database stays unchanged after %s', async ([, sql, refusal]) => {
  const before = everything()
  const { code, output } = await execute(sql)
  expect(everything()).toEqual(before)
  expect(code, output).toBe(refusal === undefined ? 0 : 1)
  expect(output).toContain(refusal ?? 'executed successfully')
})
