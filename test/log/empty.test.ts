import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { append } from '../../src/log/append.ts'
import { nothing } from '../../src/log/logInput.ts'
import { compareContributions } from '../../src/log/contributions.ts'
import { runBatch, transact, type Query } from '../../src/log/database.ts'
import { readProfiles, readVisibility } from '../../src/log/queries/audit.ts'
import { readStandingCounts } from '../../src/log/queries/standingCounts.ts'
import { freshLog } from '../support/freshLog.ts'

const db = env.DB

beforeEach(async () => {
  await freshLog()
})

it('a transaction without statements has no results', async () => {
  expect(await transact(db, [])).toEqual([])
})

it.for([
  ['compareContributions', compareContributions(db, []), []],
  ['readStandingCounts', readStandingCounts(db, []), []],
  ['readVisibility', readVisibility(db, [], 1), []],
  ['readProfiles', readProfiles(db, [], 1), []],
] as [string, Query<unknown>, unknown][])('%s answers for an empty list', async ([, step, answer]) => {
  expect(await runBatch(db, step)).toEqual([answer])
})

it('appending nothing returns the position of the log', async () => {
  expect(await append(db, nothing, 'backfill', 0)).toEqual({
    position: 0,
    contributions: [],
    corrections: [],
    amendments: [],
    deletions: [],
    users: [],
    declarations: [],
  })
})
