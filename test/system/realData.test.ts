import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Oracle, type SentContribution } from '../support/oracle.ts'
import {
  inBatches,
  isHere,
  readContributions,
  readExpected,
  readExpectedHistory,
  sampleUsers,
} from './support/realData.ts'
import { RealNumbers } from './support/realNumbers.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, prepare, read } from './support/site.ts'

/** Sends everything in batches of 1,000, two at a time, signed beforehand; returns how many were recorded. */
const sendAll = async (url: string, contributions: readonly SentContribution[]): Promise<number> => {
  const deliveries = inBatches(contributions).map((batch) =>
    prepare(url, aMessage('contribution.created', batch)),
  )
  let recorded = 0
  const sender = async (): Promise<void> => {
    for (let next = deliveries.shift(); next; next = deliveries.shift()) {
      const answer = await next()
      recorded += answer.recorded
    }
  }
  await Promise.all([sender(), sender()])
  return recorded
}

// The data lies beside the project, not in it: a clone on its own does without, and says so. In CI a skip is a failure.
if (!isHere) it.skip('16 years of real contributions: ../shared/data is not beside this clone')
else
  describe('16 years of real contributions', () => {
    const contributions = readContributions()
    const expected = readExpected('not_applied')
    let server: Server
    let numbers: RealNumbers

    beforeAll(async () => {
      server = await startServer()
      numbers = new RealNumbers(server.url)
    })

    afterAll(async () => {
      await server.close()
      console.log(`${numbers.compared} numbers compared with brute force`)
    })

    it('are recorded, every one once', async () => {
      expect(await sendAll(server.url, contributions)).toBe(contributions.length)
      numbers.compare(
        (await read(server.url, '/v1/status')).contributions,
        contributions.length,
        'contributions',
      )
    })

    it.for(expected)('show in every board and metric as of %s', async (instant) => {
      await numbers.compareInstant(instant)
    })

    it('show in the boards of all time live', async () => {
      await numbers.compareLive(expected)
    })

    it('show in the log, type by type', async () => {
      await numbers.compareLifetimes(expected)
    })

    it('show in the history of every metric, in UTC and in Los Angeles', async () => {
      await numbers.compareHistories(readExpectedHistory('not_applied'))
    })

    it('show in the statistics of 200 users, the busiest among them, at every instant', async () => {
      const byUser = Map.groupBy(contributions, ({ user }) => user.id)
      for (const id of sampleUsers(byUser)) {
        const sent = { type: 'contribution.created', timestamp: '2025-01-01T00:00:00Z', data: byUser.get(id) }
        const oracle = new Oracle([sent])
        for (const [asOf] of expected) {
          const { as_of, position, ...user } = await read(server.url, `/v1/users/${id}?as_of=${asOf}`)
          expect(Date.parse(as_of)).toBe(Date.parse(asOf))
          numbers.compare(position, contributions.length, `position of user ${id}`)
          numbers.compare(user, oracle.user(id, Date.parse(asOf), false), `user ${id} as of ${asOf}`)
        }
      }
    })
  })
