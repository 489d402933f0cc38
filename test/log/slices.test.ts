import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { boards } from '../../src/definitions/definitions.ts'
import { countContributions } from '../../src/contributions/selection.ts'
import type { Query } from '../../src/log/database.ts'
import { readInSlices, type Slice } from '../../src/log/queries/slices.ts'
import { readTally } from '../../src/log/queries/tally.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, send } from '../support/site.ts'

const day = 86_400_000

const overall = boards.find(({ board }) => board === 'overall')
if (overall === undefined) throw new Error('No board counts every type')

const selection = {
  rule: overall,
  window: { from: noon, to: noon + 10 },
  locale: undefined,
  product: undefined,
  defaultLocale: 'en-US',
  measure: countContributions,
  position: Number.MAX_SAFE_INTEGER,
}

/** Sums up a slice, and says how many events and users it has. */
const readSlice = (slice: Slice): Query<{ sums: Map<number, number>; sizes: [number, number] }> => {
  const tally = readTally(env.DB, slice, 'metric')
  return {
    statements: tally.statements,
    read: (results) => {
      const changes = tally.read(results)
      const events = changes.reduce((sum, { delta }) => sum + delta, 0)
      return {
        sums: new Map(changes.map(({ userId, delta }) => [userId, delta])),
        sizes: [events, changes.length],
      }
    },
  }
}

it('slices of any size have every event once, and no slice is too large unless one user has more at one instant', async () => {
  const act = fc.record({
    type: fc.constantFrom('answer', 'solution'),
    id: fc.integer({ min: 1, max: 6 }),
    milliseconds: fc.integer({ min: 0, max: 4 }),
  })
  setClock(noon + day)
  // All runs share one log, so each uses other milliseconds.
  let from = noon
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      async (acts, sliceEvents) => {
        from += 10
        const window = { from, to: from + 10 }
        const data = acts.map(({ type, id, milliseconds }) =>
          aContribution({ type, user: { id }, occurred_at: new Date(from + milliseconds).toISOString() }),
        )
        await send('contribution.created', data)
        const total = new Map<number, number>()
        for await (const { sums, sizes } of readInSlices(
          env.DB,
          { ...selection, window },
          readSlice,
          sliceEvents,
        )) {
          for (const [id, sum] of sums) total.set(id, (total.get(id) ?? 0) + sum)
          const [events, users] = sizes
          expect(events <= sliceEvents || users === 1, `${events} events of ${users} users`).toBe(true)
        }
        const expected = new Map<number, number>()
        for (const { id } of acts) expected.set(id, (expected.get(id) ?? 0) + 1)
        expect(total).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
})

it('timers run between slices although D1 answers without a pause', async () => {
  let instant = noon
  const statement = { bind: () => statement }
  const rows = async (statements: unknown[]) =>
    statements.map(() => ({ results: [{ occurred_at: (instant += 1), user_id: 1 }] }))
  const db = { prepare: () => statement, batch: rows } as unknown as D1Database
  let hasFired = false
  setTimeout(() => (hasFired = true))
  const fired: boolean[] = []
  const nothing: Query<undefined> = { statements: [], read: () => undefined }
  const window = { from: noon, to: noon + 200 }
  const oneType = { ...selection, window, rule: { ...overall, types: overall.types.slice(0, 1) } }
  for await (const _ of readInSlices(db, oneType, () => nothing)) fired.push(hasFired)
  expect([fired[0], fired.at(-1), fired.length]).toEqual([false, true, 200])
})
