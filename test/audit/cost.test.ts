import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { rankingsToAudit } from '../../src/audit/auditedRanking.ts'
import { AuditRecord } from '../../src/audit/AuditRecord.ts'
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, read, send } from '../support/site.ts'

const day = 86_400_000
const prototype: D1Database = Object.getPrototypeOf(env.DB)

/** Records every batch that any object or the Worker runs on D1 from now on. */
const onBatch = (look: (results: readonly D1Result[]) => void): void => {
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  vi.spyOn(prototype, 'batch').mockImplementation(async function count(this: D1Database, statements) {
    const results = await batch.call(this, statements)
    look(results)
    return results
  })
}

beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await freshLog()
  setClock(noon)
})

afterEach(() => {
  vi.restoreAllMocks()
})

it('an audit writes nothing to D1 and one row for each step to its own storage, and reads the log in small pieces', async () => {
  // 3,000 answers of 30 users, one every 2.4 hours: 300 days.
  for (let batch = 0; batch < 3; batch += 1) {
    const data = Array.from({ length: 1000 }, (_, index) => {
      const nth = batch * 1000 + index
      return aContribution({
        user: { id: 1 + (nth % 30) },
        occurred_at: new Date(noon - nth * 0.1 * day).toISOString(),
      })
    })
    await send('contribution.created', data)
  }
  for (const id of [1, 2, 3]) await read(`/v1/users/${id}`)
  const cost = { read: 0, written: 0, largest: 0 }
  onBatch((results) => {
    const rows = results.reduce((sum, { meta }) => sum + meta.rows_read, 0)
    cost.read += rows
    cost.written += results.reduce((sum, { meta }) => sum + meta.rows_written, 0)
    cost.largest = Math.max(cost.largest, rows)
  })
  const kept = vi.spyOn(AuditRecord.prototype, 'save')
  expect(await audit()).toMatchObject({ users: 3, drift: 0 })
  expect(cost.written).toBe(0)
  expect(kept).toHaveBeenCalledTimes(rankingsToAudit.length + 3)
  // Answers are in two boards, in five windows each, and in two metrics: built with one scan, compared with another.
  const events = 2 * (70 + 300 + 900 + 3000 + 3000) + 2 * 300
  expect(cost.read).toBeLessThan(7 * events)
  expect(cost.largest).toBeLessThan(4 * 3000)
})
