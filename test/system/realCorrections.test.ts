import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { amount } from '../support/form.ts'
import {
  inBatches,
  isHere,
  readContributions,
  readDeletions,
  readExpected,
  readExpectedHistory,
  readRetractions,
  type Later,
} from './support/realData.ts'
import { RealNumbers } from './support/realNumbers.ts'
import { seeded } from './support/seeded.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver, read, type Message } from './support/site.ts'

/** Corrections as messages. Those of one instant share a message, because a message has one timestamp. */
const messagesOf = (type: string, facts: readonly Later[]): Message[] =>
  [...Map.groupBy(facts, ({ at }) => at)].map(([at, same]) => aMessage(type, same, at))

const identityOf = ({ type, content }: { type: string; content: { type: string; id: string } }): string =>
  JSON.stringify([type, content.type, content.id])

type Asked = Record<'route' | 'interval' | 'time_zone' | 'from' | 'to' | 'as_of', string>

/** Years of the community, by different rules, in different intervals and zones. */
const questions: Asked[] = [
  ['/v1/community', 'week', 'UTC', '2022-01-05', '2025-01-01', 'active_contributors'],
  ['/v1/community', 'month', 'America/Los_Angeles', '2019-01-01', '2024-03-10', 'l10n_contributors'],
  ['/v1/community', 'quarter', 'Asia/Tokyo', '2009-01-01', '2025-01-01', 'support_forum_contributors'],
  ['/v1/community/cohorts', 'week', 'America/Los_Angeles', '2023-11-02', '2024-11-01', 'active_contributors'],
  ['/v1/community/cohorts', 'year', 'UTC', '2009-01-01', '2025-01-01', 'kb_contributors'],
  ['/v1/responses', 'week', 'America/Los_Angeles', '2022-01-05', '2025-01-01'],
  ['/v1/responses', 'year', 'UTC', '2009-01-01', '2025-01-01'],
].map(([route = '', interval = '', time_zone = '', from = '', to = '', rule]) => ({
  route,
  interval,
  time_zone,
  from,
  to,
  as_of: '2024-12-20T15:00:00Z',
  ...(rule !== undefined && { rule }),
}))

const script = join(import.meta.dirname, 'support/community.py')

const hasPython = spawnSync('python3', ['-c', 'import zoneinfo']).status === 0

/** What the program in Python answers. */
const secondOpinion = async (): Promise<[Asked, unknown][]> => {
  const lines = [...readContributions(), ...readRetractions()].map((one) => JSON.stringify(one)).join('\n')
  const python = promisify(execFile)('python3', [script, JSON.stringify(questions)], { maxBuffer: 2 ** 26 })
  python.child.stdin?.end(lines)
  const answers: unknown[] = JSON.parse((await python).stdout)
  return questions.map((asked, index) => [asked, answers[index]])
}

// The data is not part of the repository, so these tests are skipped in a plain clone. In CI, a skip is a failure.
if (!isHere) it.skip('real corrections: ../shared/data is not beside this clone')
else
  describe('real corrections sent at random moments', () => {
    const applied = readExpected('applied')
    const notApplied = readExpected('not_applied')
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

    it('are accepted, also a fifth of the retractions before their contributions, and deletions in between', async () => {
      const random = seeded(20_261_122)
      const batches = inBatches(readContributions())
      const batchOf = new Map(batches.flatMap((batch, index) => batch.map((one) => [identityOf(one), index])))
      const due: Later[][] = batches.map(() => [])
      let early = 0
      for (const retraction of readRetractions()) {
        const own = batchOf.get(identityOf(retraction)) ?? 0
        const isEarly = random() < 0.2
        early += Number(isEarly)
        // Corrections due at a batch are sent before it, so one that is due later than its own batch comes after that batch.
        const moment = isEarly ? random() * (own + 1) : own + 1 + random() * (batches.length - own - 1)
        due[Math.min(Math.floor(moment), batches.length - 1)]?.push(retraction)
      }
      expect(early).toBeGreaterThan(amount(5, 100))
      const deletions = messagesOf('content.deleted', readDeletions())
      for (const [index, batch] of batches.entries()) {
        for (const message of messagesOf('contribution.retracted', due[index] ?? []))
          await deliver(server.url, message)
        await deliver(server.url, aMessage('contribution.created', batch))
        const deletion = deletions[index % deletions.length]
        if (deletion) await deliver(server.url, deletion)
      }
    })

    it.for(applied)(
      'remove retracted contributions from every board and metric as of %s',
      async (instant) => {
        await numbers.compareInstant(instant)
      },
    )

    it('remove retracted contributions from live boards, the log and every history', async () => {
      await numbers.compareLive(applied)
      await numbers.compareLifetimes(applied)
      await numbers.compareHistories(readExpectedHistory('applied'))
    })

    it.skipIf(!hasPython)(
      'leave the numbers about the community that a program in Python computes from the contract',
      async () => {
        for (const [{ route, ...asked }, expected] of await secondOpinion()) {
          const address = `${route}?${new URLSearchParams(asked).toString()}`
          const { points, cohorts } = await read(server.url, address)
          numbers.compare(points ?? cohorts, expected, address)
        }
      },
    )

    it('are accepted as restorations in any order', async () => {
      const random = seeded(7)
      const restorations = readRetractions()
        .map(({ type, content }) => ({ order: random(), item: { type, content } }))
        .sort((left, right) => left.order - right.order)
        .map(({ item }) => item)
      await deliver(server.url, aMessage('contribution.restored', restorations))
      const { contributions, position } = await read(server.url, '/v1/status')
      expect(contributions).toBe(readContributions().length)
      expect(position).toBe(readContributions().length + 2 * readRetractions().length)
    })

    it.for(notApplied)(
      'have no effect on any board or metric as of %s once all are restored',
      async (instant) => {
        await numbers.compareInstant(instant)
      },
    )

    it('have no effect on live boards, the log and any history once all are restored', async () => {
      await numbers.compareLive(notApplied)
      await numbers.compareLifetimes(notApplied)
      await numbers.compareHistories(readExpectedHistory('not_applied'))
    })
  })
