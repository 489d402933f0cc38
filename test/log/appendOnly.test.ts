import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
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

describe('the log withstands', () => {
  it.each([
    ['UPDATE', 'UPDATE events SET user_id = 666'],
    ['UPDATE of a position', 'UPDATE events SET position = position + 100'],
    ['DELETE', 'DELETE FROM events'],
    ['UPDATE OR REPLACE', 'UPDATE OR REPLACE events SET position = 1 WHERE position = 2'],
    ['UPDATE OR IGNORE', 'UPDATE OR IGNORE events SET user_id = 666'],
    ['INSERT OR REPLACE by position', `INSERT OR REPLACE INTO events (${columns}) VALUES (1, ${another})`],
    ['REPLACE by position', `REPLACE INTO events (${columns}) VALUES (2, ${another})`],
    ['INSERT OR REPLACE by identity', `INSERT OR REPLACE INTO events (${columns}) VALUES (NULL, ${same})`],
    [
      'ON CONFLICT DO UPDATE by identity',
      `INSERT INTO events (${columns}) VALUES (NULL, ${same}) ON CONFLICT DO UPDATE SET user_id = 666`,
    ],
    [
      'ON CONFLICT DO UPDATE by position',
      `INSERT INTO events (${columns}) VALUES (1, ${another}) ON CONFLICT (position) DO UPDATE SET user_id = 666`,
    ],
    ['a position that leaves a gap', `INSERT INTO events (${columns}) VALUES (9, ${another})`],
    [
      'the last position there is',
      `INSERT INTO events (${columns}) VALUES (9223372036854775807, ${another})`,
    ],
    ['position 0', `INSERT INTO events (${columns}) VALUES (0, ${another})`],
    ['a negative position', `INSERT INTO events (${columns}) VALUES (-5, ${another})`],
    [
      'a reversal of nothing',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'x', 'y', 1, 666, 5, 5)`,
    ],
    [
      'a second reversal',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', 1, 666, 5, 5)`,
    ],
    [
      'a skipped entry',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', 3, 666, 5, 5)`,
    ],
    [
      'a negative entry',
      `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'questions.answer', 'one', -1, 666, 5, 5)`,
    ],
    ['a delta of its own', `INSERT INTO events (${columns}, delta) VALUES (NULL, ${another}, 5)`],
    ['text in a number', `INSERT INTO events (${columns}) VALUES (NULL, 'answer', 'x', 'y', 0, 'me', 5, 5)`],
  ])('%s', async (_, sql) => {
    const before = await table('events')
    await env.DB.prepare(sql)
      .run()
      .catch(() => undefined)
    expect(await table('events')).toEqual(before)
    expect(before).toHaveLength(4)
  })

  it.each([
    ['UPDATE', 'UPDATE corrections SET retracted = 0'],
    ['DELETE', 'DELETE FROM corrections'],
    [
      'INSERT OR REPLACE',
      `INSERT OR REPLACE INTO corrections SELECT content_id, content_type, type, at, retracted, 'other', 5 FROM corrections`,
    ],
    [
      'ON CONFLICT DO UPDATE',
      `INSERT INTO corrections SELECT content_id, content_type, type, at, retracted, 'other', 5 FROM corrections WHERE true ON CONFLICT DO UPDATE SET reason = 'other'`,
    ],
  ])('%s of a correction', async (_, sql) => {
    const before = [await table('events'), await table('corrections')]
    await env.DB.prepare(sql)
      .run()
      .catch(() => undefined)
    expect([await table('events'), await table('corrections')]).toEqual(before)
  })

  it('any corrections: entries are only appended, and each identity sums to 0 or 1', async () => {
    const anyCorrection = fc.record({
      kind: fc.constantFrom('contribution.retracted', 'contribution.restored'),
      type: fc.constantFrom(undefined, 'answer', 'solution'),
      at: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anyCorrection, { maxLength: 6 }), async (corrections) => {
        for (const { kind, type, at } of corrections) {
          const before = await table('events')
          await send(kind, { content, reason: 'other', ...(type && { type }) }, at)
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
