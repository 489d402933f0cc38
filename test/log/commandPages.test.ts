import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Query } from '../../src/log/database.ts'
import {
  readAmendments,
  readContributions,
  readCorrections,
  readDeletions,
  readUsers,
} from '../../src/log/queries/export.ts'
import { readStandingCounts } from '../../src/log/queries/standingCounts.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, send } from '../support/site.ts'

/** The rows that a page reads, as D1 counts and bills them. */
const rowsRead = async (step: Query<unknown>): Promise<number> => {
  const results = await env.DB.batch(step.statements)
  return results.reduce((sum, { meta }) => sum + meta.rows_read, 0)
}

let answers = 0

/** Answers of 20 users in turn, each of which is retracted; nothing of users 1 and 2 in `others`. */
const append = async (count: number, firstUser: number): Promise<void> => {
  const made = Array.from({ length: count }, () => {
    answers += 1
    return aContribution({
      user: { id: firstUser + (answers % 20) },
      content: { type: 'questions.answer', id: String(answers).padStart(6, '0') },
    })
  })
  await send('contribution.created', made)
  await send(
    'contribution.retracted',
    made.map(({ content }) => ({ content, reason: 'spam' })),
  )
}

beforeEach(async () => {
  answers = 0
  setClock(noon)
  await freshLog()
  await append(400, 1)
})

/** The answers with numbers from `first`, once more, with a title, and amended. */
const appendLater = async (first: number, count: number): Promise<void> => {
  const contents = Array.from({ length: count }, (_, index) => ({
    type: 'questions.answer',
    id: String(first + index).padStart(6, '0'),
  }))
  await send(
    'contribution.created',
    contents.map((content) => aContribution({ content: { ...content, title: 'A title' } })),
  )
  await send(
    'contribution.amended',
    contents.map((content) => ({ content, set: { locale: 'pl' } })),
  )
}

/** The same page of a log of 800 events and of one of 6,400. */
const ofBothLogs = async (
  page: () => Promise<Query<unknown>>,
  appendMore = async (): Promise<void> => await append(400, 1001),
): Promise<[small: number, large: number]> => {
  const small = await rowsRead(await page())
  for (let batch = 0; batch < 7; batch += 1) await appendMore()
  return [small, await rowsRead(await page())]
}

describe('the rows that a command reads for a page do not grow with the log', () => {
  it('corrections, from the first one', async () => {
    expect(await ofBothLogs(async () => readCorrections(env.DB, undefined, 100))).toEqual([100, 100])
  })

  it('corrections, from the middle', async () => {
    const step = readCorrections(env.DB, undefined, 200)
    const last = step.read(await env.DB.batch(step.statements)).at(-1)
    expect(last?.content_id).toBe('000200')
    expect(await ofBothLogs(async () => readCorrections(env.DB, last, 100))).toEqual([101, 101])
  })

  it('contributions', async () => {
    expect(await ofBothLogs(async () => readContributions(env.DB, 100, 800, 100))).toEqual([100, 100])
  })

  it('deletions, of contents that were not deleted, and amendments', async () => {
    await appendLater(1, 400)
    let first = 1
    const appendMore = async (): Promise<void> => await appendLater((first += 400), 400)
    const deletions = await ofBothLogs(async () => readDeletions(env.DB, undefined, 100), appendMore)
    const amendments = await ofBothLogs(async () => readAmendments(env.DB, undefined, 100), appendMore)
    expect([deletions, amendments]).toEqual([
      [100, 100],
      [100, 100],
    ])
  })

  it('users', async () => {
    expect(await ofBothLogs(async () => readUsers(env.DB, 5, 10))).toEqual([20, 20])
  })

  it('counts of users', async () => {
    const [small, large] = await ofBothLogs(async () => readStandingCounts(env.DB, [1, 2]))
    expect([small, large]).toEqual([small, small])
  })
})
