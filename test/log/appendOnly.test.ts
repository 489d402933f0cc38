import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, send } from '../support/site.ts'

type Row = Record<string, unknown>

const table = async (name: string): Promise<Row[]> =>
  (await env.DB.prepare(`SELECT * FROM ${name} ORDER BY 1`).all<Row>()).results

const content = { type: 'questions.answer', id: 'one' }

beforeEach(async () => {
  await freshLog()
  await send('contribution.created', [aContribution({ content }), aContribution(), aContribution()])
  await send('contribution.retracted', { content, reason: 'spam' })
})

const columns = 'position, type, content_type, content_id, entry, user_id, occurred_at, recorded_at'
const another = `'answer', 'questions.answer', 'new', 0, 666, 5, 5`
const same = `'answer', 'questions.answer', 'one', 0, 666, 5, 5`

/** The outcome of a statement that a trigger drops without an error, as for a redelivery: it changes no row. */
const ignored = 'ignored: 0 rows changed'
const appendOnly = 'the log is append-only'

/** Runs a statement: the database's error without its codes, or how many rows it changed. */
const outcomeOf = async (sql: string): Promise<string> => {
  try {
    const { meta } = await env.DB.prepare(sql).run()
    return `ignored: ${meta.changes} rows changed`
  } catch (error) {
    return String(error)
      .replace('Error: D1_ERROR: ', '')
      .replace(/: SQLITE_.*/, '')
  }
}

describe('the log withstands', () => {
  it.each([
    ['UPDATE', appendOnly, 'UPDATE events SET user_id = 666'],
    ['UPDATE of a position', appendOnly, 'UPDATE events SET position = position + 100'],
    ['DELETE', appendOnly, 'DELETE FROM events'],
    ['UPDATE OR REPLACE', appendOnly, 'UPDATE OR REPLACE events SET position = 1 WHERE position = 2'],
    ['UPDATE OR IGNORE', appendOnly, 'UPDATE OR IGNORE events SET user_id = 666'],
    [
      'INSERT OR REPLACE by position',
      ignored,
      `INSERT OR REPLACE INTO events (${columns}) VALUES (1, ${another})`,
    ],
    ['REPLACE by position', ignored, `REPLACE INTO events (${columns}) VALUES (2, ${another})`],
    [
      'INSERT OR REPLACE by identity',
      ignored,
      `INSERT OR REPLACE INTO events (${columns}) VALUES (NULL, ${same})`,
    ],
    [
      'REPLACE by identity, with the entry that NULL stands for',
      ignored,
      `REPLACE INTO events (${columns}) VALUES (NULL, ${same.replace(' 0,', ' NULL,')})`,
    ],
    [
      'ON CONFLICT DO UPDATE by identity',
      ignored,
      `INSERT INTO events (${columns}) VALUES (NULL, ${same}) ON CONFLICT DO UPDATE SET user_id = 666`,
    ],
    [
      'ON CONFLICT DO UPDATE by position',
      ignored,
      `INSERT INTO events (${columns}) VALUES (1, ${another}) ON CONFLICT (position) DO UPDATE SET user_id = 666`,
    ],
    [
      'a position that leaves a gap',
      'positions have no gaps',
      `INSERT INTO events (${columns}) VALUES (9, ${another})`,
    ],
    [
      'the last position there is',
      'positions have no gaps',
      `INSERT INTO events (${columns}) VALUES (9223372036854775807, ${another})`,
    ],
    [
      'a known identity at a position that leaves a gap',
      'positions have no gaps',
      `INSERT INTO events (${columns}) VALUES (9, ${same})`,
    ],
    [
      'position 0',
      'CHECK constraint failed: position > 0',
      `INSERT INTO events (${columns}) VALUES (0, ${another})`,
    ],
    [
      'a negative position',
      'CHECK constraint failed: position > 0',
      `INSERT INTO events (${columns}) VALUES (-5, ${another})`,
    ],
    [
      'a reversal of nothing',
      'an entry follows the one before it',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'x', 'y', 1, 666, 5, 5)`,
    ],
    [
      'a reversal of nothing at a known position',
      'an entry follows the one before it',
      `INSERT INTO events (${columns}) VALUES (1, 'answer', 'x', 'y', 1, 666, 5, 5)`,
    ],
    [
      'a second reversal',
      ignored,
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', 1, 666, 5, 5)`,
    ],
    [
      'a skipped entry',
      'an entry follows the one before it',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', 3, 666, 5, 5)`,
    ],
    [
      'a negative entry',
      'CHECK constraint failed: entry >= 0',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', -1, 666, 5, 5)`,
    ],
    [
      'a delta of its own',
      'cannot INSERT into generated column "delta"',
      `INSERT INTO events (${columns}, delta) VALUES (NULL, ${another}, 5)`,
    ],
    [
      'text in a number',
      'cannot store TEXT value in INTEGER column events.user_id',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'x', 'y', 0, 'me', 5, 5)`,
    ],
    [
      'a position that leaves a gap, after a row that is in order',
      'positions have no gaps',
      `INSERT INTO events (${columns}) VALUES (NULL, ${another}), (9, 'answer', 'x', 'y', 0, 666, 5, 5)`,
    ],
    [
      'a skipped entry, after a row that is in order and OR FAIL',
      'an entry follows the one before it',
      `INSERT OR FAIL INTO events (${columns}) VALUES (NULL, ${another}), (NULL, 'answer', 'x', 'y', 3, 666, 5, 5)`,
    ],
  ])('%s', async (_, outcome, sql) => {
    const before = await table('events')
    expect(await outcomeOf(sql)).toBe(outcome)
    expect(await table('events')).toEqual(before)
    expect(before).toHaveLength(4)
  })

  it.each([
    ['UPDATE', 'corrections are append-only', 'UPDATE corrections SET retracted = 0'],
    ['DELETE', 'corrections are append-only', 'DELETE FROM corrections'],
    [
      'INSERT OR REPLACE',
      ignored,
      `INSERT OR REPLACE INTO corrections SELECT content_id, content_type, type, at, retracted, 'other', 5, 0 FROM corrections`,
    ],
    [
      'INSERT OR REPLACE, as spam,',
      ignored,
      `INSERT OR REPLACE INTO corrections SELECT content_id, content_type, type, at, retracted, 'spam', 5, 1 FROM corrections`,
    ],
    [
      'INSERT of one as spam that has another reason, instead',
      `CHECK constraint failed: as_spam = 0 OR (as_spam = 1 AND retracted = 1 AND reason IS 'spam')`,
      `INSERT OR REPLACE INTO corrections SELECT content_id, content_type, type, at + 1, retracted, 'other', 5, 1 FROM corrections`,
    ],
    [
      'INSERT OR REPLACE, with the type that NULL stands for,',
      ignored,
      `INSERT OR REPLACE INTO corrections SELECT content_id, content_type, NULL, at, retracted, 'other', 5, 0 FROM corrections`,
    ],
    [
      'ON CONFLICT DO UPDATE',
      ignored,
      `INSERT INTO corrections SELECT content_id, content_type, type, at, retracted, 'other', 5, 0 FROM corrections WHERE true ON CONFLICT DO UPDATE SET reason = 'other'`,
    ],
  ])('%s of a correction', async (_, outcome, sql) => {
    const before = [await table('events'), await table('corrections')]
    expect(await outcomeOf(sql)).toBe(outcome)
    expect([await table('events'), await table('corrections')]).toEqual(before)
  })

  it.each([
    ['UPDATE', 'amendments are append-only', `UPDATE amendments SET fields = '{"self":0}'`],
    ['DELETE', 'amendments are append-only', 'DELETE FROM amendments'],
    [
      'INSERT OR REPLACE',
      ignored,
      'INSERT OR REPLACE INTO amendments SELECT content_id, content_type, type, at, fields, 5 FROM amendments',
    ],
    [
      'INSERT OR REPLACE, with the type that NULL stands for,',
      ignored,
      'INSERT OR REPLACE INTO amendments SELECT content_id, content_type, NULL, at, fields, 5 FROM amendments',
    ],
    [
      'ON CONFLICT DO UPDATE',
      ignored,
      'INSERT INTO amendments SELECT content_id, content_type, type, at, fields, 5 FROM amendments WHERE true ON CONFLICT DO UPDATE SET recorded_at = 7',
    ],
    [
      'no field',
      ignored,
      `INSERT INTO amendments SELECT content_id, content_type, type, at + 1, '{}', 5 FROM amendments`,
    ],
  ])('%s of an amendment', async (_, outcome, sql) => {
    await send('contribution.amended', { content, set: { self: true } })
    const before = [await table('events'), await table('amendments')]
    expect(await outcomeOf(sql)).toBe(outcome)
    expect([await table('events'), await table('amendments')]).toEqual(before)
  })

  it('any sequence of later facts: entries are only appended, and each identity sums to 0 or 1', async () => {
    const anyFact = fc.record({
      kind: fc.constantFrom('contribution.retracted', 'contribution.restored', 'contribution.amended'),
      type: fc.constantFrom(undefined, 'answer', 'solution'),
      set: fc.constantFrom(
        { self: true },
        { locale: 'de' },
        { locale: null, self: false },
        { user: { id: 2 } },
      ),
      at: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anyFact, { maxLength: 8 }), async (facts) => {
        for (const { kind, type, set, at } of facts) {
          const before = await table('events')
          await send(kind, { content, reason: 'other', set, ...(type && { type }) }, at)
          const after = await table('events')
          expect(after.slice(0, before.length)).toEqual(before)
          expect(after.map(({ position }) => position)).toEqual(after.map((__, index) => index + 1))
          const sums = Map.groupBy(after, (row) => JSON.stringify([row['type'], row['content_id']]))
          for (const entries of sums.values()) {
            expect([0, 1]).toContain(entries.reduce((sum, { delta }) => sum + Number(delta), 0))
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})

/** The second operand of SQLite's instruction `Halt` if it ends the statement and undoes what the statement has done. */
const abort = 2

it('SQLite needs no journal of an insert of contributions: nothing in it, or in its triggers, calls a function or aborts', async () => {
  const prepare = vi.spyOn(Object.getPrototypeOf(env.DB), 'prepare')
  await send('contribution.created', aContribution())
  const texts = prepare.mock.calls.map(([text]) => String(text))
  prepare.mockRestore()
  const insert = texts.find((text) => text.includes('INTO events'))
  const explain = env.DB.prepare(`EXPLAIN ${insert}`).bind('[]')
  const { results: instructions } = await explain.all<{ opcode: string; p2: number }>()
  const programs = instructions.filter(({ opcode }) => opcode === 'Init')
  expect(programs.length, 'the insert and its triggers').toBeGreaterThan(3)
  expect(instructions.filter(({ opcode }) => /^(?:Pure)?Func/.test(opcode))).toEqual([])
  expect(instructions.filter(({ opcode, p2 }) => opcode.startsWith('Halt') && p2 === abort)).toEqual([])
})
