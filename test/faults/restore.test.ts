import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { compareWithOracle } from '../support/compare.ts'
import { expectUnavailable } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { communityOf } from '../support/oracleCommunity.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'
import { renewEpoch, takeBookmark } from '../support/timeTravel.ts'

const question = { asOf: undefined, windowDays: 30, filter: {} }
const users = [1, 2, 3]

let sent: SentMessage[] = []
let now = noon

const later = (): void => {
  now += 5000
  setClock(now)
}

const record = async (type: string, data: unknown): Promise<Json> => {
  const message = { type, timestamp: new Date(noon - 60_000 + sent.length).toISOString(), data }
  sent.push(message)
  return await send(type, data, message.timestamp)
}

/** One answer of each user. */
const tellRound = async (): Promise<Json[]> => {
  const contributions = users.map((id) => aContribution({ user: { id, username: `user ${id}` } }))
  await record('contribution.created', contributions)
  return contributions
}

/** Checks who was active this month. */
const expectCommunity = async (): Promise<void> => {
  const asked = { from: Date.parse('2026-11-01'), to: Date.parse('2026-12-01'), timeZone: 'UTC', filter: {} }
  const { points } = await read('/v1/community?interval=month&from=2026-11-01')
  expect(points).toEqual(
    communityOf(new Oracle(sent), 'active_contributors', {
      ...asked,
      interval: 'month',
      asOf: now,
      live: true,
    }),
  )
}

/** Refreshes every projection, and checks all their answers. */
const expectTruth = async (): Promise<void> => {
  later()
  await compareWithOracle(new Oracle(sent), now, question)
  await expectCommunity()
  const { position, events, contributions } = await read('/v1/status')
  const standing = new Oracle(sent).effective().length
  expect([position, contributions]).toEqual([events, standing])
  expect((await read('/v1/leaderboards')).position).toBe(position)
}

/** Sends a history, and undoes a part of it in the log and in the oracle. */
const loseThePast = async (): Promise<{ lost: SentMessage[]; oldCursor: string }> => {
  const [first] = await tellRound()
  await tellRound()
  await expectTruth()
  const kept = sent.length
  const restore = await takeBookmark()
  await tellRound()
  await record('contribution.retracted', { content: first['content'], reason: 'spam' })
  await record('user.updated', { id: 3, is_hidden: true })
  await record('user.erased', { id: 2 })
  await record('user.updated', { id: 7, username: 'new' })
  await record('contribution.created', [
    aContribution({ user: { id: 1 } }),
    aContribution({ user: { id: 4 } }),
  ])
  await expectTruth()
  const { next_cursor: oldCursor } = await read('/v1/users/1/contributions?limit=1')
  await restore()
  return { lost: sent.splice(kept), oldCursor }
}

beforeEach(async () => {
  await freshLog()
  sent = []
  now = noon
  setClock(now)
})

describe('after a restore that takes positions back', () => {
  describe.each([
    ['with the epoch renewed', renewEpoch],
    ['with the epoch forgotten', async (): Promise<void> => undefined],
  ] as const)('%s', (_, renew) => {
    it("every number is the restored log's after the next refresh", async () => {
      const { oldCursor } = await loseThePast()
      await renew()
      await expectTruth()
      expect((await read('/healthz')).position).toBe(6)
      expect((await fetchApi('/v1/users/7')).status).toBe(404)
      await expectUnavailable(await fetchApi('/v1/users/1?at_least=7'))
      await expectUnavailable(await fetchApi(`/v1/users/1/contributions?limit=1&cursor=${oldCursor}`))
    })

    it('every number is right when the log grows to its old length, or further, before the next refresh', async () => {
      for (const rounds of [1, 2, 5]) {
        await loseThePast() // back from 12 to 6
        await renew()
        for (let round = 0; round < rounds; round += 1) await tellRound()
        expect((await read('/healthz')).position).toBe(6 + 3 * rounds)
        await expectTruth()
        await freshLog()
        sent = []
      }
    })

    it('a message that is sent again is recorded again, once', async () => {
      const { lost } = await loseThePast()
      await renew()
      for (const message of [...lost, ...lost]) {
        await send(message.type, message.data, message.timestamp)
        sent.push(message)
      }
      await expectTruth()
    })

    it('a counter that was evicted before the restore shows no lost event', async () => {
      await loseThePast()
      await renew()
      for (const id of users) await evictDurableObject(env.USER_COUNTERS.getByName(String(id)))
      await tellRound()
      await expectTruth()
    })
  })

  it('with the epoch renewed, flags are right although only users were restored and then changed again', async () => {
    await tellRound()
    await expectTruth()
    const kept = sent.length
    const restore = await takeBookmark()
    await record('user.updated', { id: 3, is_hidden: true })
    await expectTruth()
    await restore()
    sent.splice(kept)
    await record('user.updated', { id: 2, username: 'renamed' })
    await renewEpoch()
    await expectTruth()
  })

  it('with the epoch forgotten, flags are right when only users were restored', async () => {
    await tellRound()
    await expectTruth()
    const kept = sent.length
    const restore = await takeBookmark()
    await record('user.updated', { id: 3, is_hidden: true })
    await expectTruth()
    await restore()
    sent.splice(kept)
    await expectTruth()
  })
})
