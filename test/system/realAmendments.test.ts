import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numbersIn } from '../support/numbersIn.ts'
import type { SentContribution } from '../support/oracle.ts'
import {
  inBatches,
  isHere,
  readContributions,
  readExpected,
  readExpectedHistory,
} from './support/realData.ts'
import { seeded } from './support/seeded.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver, read } from './support/site.ts'

const amendedMax = 2000

/** What is amended of one contribution. */
interface Change {
  index: number
  set: { user?: { id: number }; locale?: string; product?: string }
}

const random = seeded(20_261_126)

const pick = <Value>(values: readonly Value[]): Value => {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('There is nothing to pick from')
  return value
}

/** Random new values of product, locale and user, at least one each, for different contributions. */
const randomChanges = (contributions: readonly SentContribution[]): Change[] => {
  const locales = [...new Set(contributions.map(({ locale }) => locale ?? ''))].filter((each) => each !== '')
  const products = [...new Set(contributions.map(({ product }) => product ?? ''))].filter(
    (each) => each !== '',
  )
  const users = [...new Set(contributions.map(({ user }) => user.id))]
  const indices = new Set<number>()
  while (indices.size < Math.min(amendedMax, contributions.length / 2))
    indices.add(Math.floor(random() * contributions.length))
  return [...indices].map((index) => {
    const set = {
      ...(random() < 0.5 && { locale: pick(locales) }),
      ...(random() < 0.5 && { product: pick(products) }),
    }
    const moves = Object.keys(set).length === 0 || random() < 0.4
    return { index, set: moves ? { ...set, user: { id: pick(users) } } : set }
  })
}

// The data is not part of the repository, so these tests are skipped in a plain clone. In CI, a skip is a failure.
if (!isHere) it.skip('real amendments: ../shared/data is not beside this clone')
else
  describe('2,000 random amendments of real contributions', () => {
    const contributions = readContributions()
    const changes = randomChanges(contributions)
    const right = contributions.slice()
    for (const { index, set } of changes) {
      const original = right[index]
      if (original) right[index] = { ...original, ...set }
    }
    const servers: Server[] = []
    let compared = 0

    beforeAll(async () => {
      servers.push(await startServer(), await startServer())
    })

    afterAll(async () => {
      for (const server of servers) await server.close()
      console.log(`${compared} numbers compared with those of a file that was right from the start`)
    })

    /** Reads the same path from both, and compares the answers but for what says when they were given. */
    const compare = async (path: string): Promise<void> => {
      const [amended, expected] = await Promise.all(
        servers.map(async ({ url }) => {
          return { ...(await read(url, path)), as_of: undefined, position: undefined, next_cursor: undefined }
        }),
      )
      expect(amended, path).toEqual(expected)
      compared += numbersIn(expected)
    }

    it('are accepted, a fifth of them before their contributions, and older values after them', async () => {
      const [amended, other] = servers
      const batches = inBatches(contributions)
      const due: Change[][] = batches.map(() => [])
      for (const change of changes) {
        const own = Math.floor(change.index / 1000)
        const moment = random() < 0.2 ? random() * (own + 1) : own + 1 + random() * (batches.length - own - 1)
        due[Math.min(Math.floor(moment), batches.length - 1)]?.push(change)
      }
      const messageOf = (of: readonly Change[], at: string, values?: Change['set']) =>
        aMessage(
          'contribution.amended',
          of.map(({ index, set }) => {
            const { type, content } = contributions[index] ?? contributions[0] ?? {}
            return { type, content, set: values ?? set }
          }),
          at,
        )
      for (const [index, batch] of batches.entries()) {
        const changed = due[index] ?? []
        if (changed.length > 0) {
          await deliver(amended?.url ?? '', messageOf(changed, '2025-02-01T00:00:00.000Z'))
          const overruled = changed.filter(({ set }) => set.locale !== undefined)
          const older = messageOf(overruled, '2025-01-31T00:00:00.000Z', { locale: 'xx' })
          if (overruled.length > 0) await deliver(amended?.url ?? '', older)
        }
        await deliver(amended?.url ?? '', aMessage('contribution.created', batch))
      }
      for (const batch of inBatches(right))
        await deliver(other?.url ?? '', aMessage('contribution.created', batch))
      const statuses = await Promise.all(servers.map(async ({ url }) => read(url, '/v1/status')))
      expect(statuses.map((status) => status.contributions)).toEqual([right.length, right.length])
      expect(statuses[0].events).toBeGreaterThan(statuses[1].events + 1.5 * changes.length)
    })

    it.for(readExpected('not_applied').map(([asOf, expected]) => [asOf, expected] as const))(
      'give the numbers of a file that was right from the start on every board and metric as of %s',
      async ([asOf, { boards, metrics }]) => {
        for (const question of Object.keys(boards))
          await compare(`/v1/leaderboards/${question}&limit=100&as_of=${asOf}`)
        for (const metric of Object.keys(metrics)) await compare(`/v1/metrics/${metric}?as_of=${asOf}`)
      },
    )

    it('give its numbers for every user involved, live boards by locale and product, and every history', async () => {
      const users = new Set(
        changes.flatMap(({ index, set }) => [contributions[index]?.user.id ?? 0, set.user?.id ?? 0]),
      )
      // The right file never names a user who lost all contributions.
      const named = new Set(right.map(({ user }) => user.id))
      for (const id of [...users].filter((each) => named.has(each)).slice(0, 150))
        await compare(`/v1/users/${id}`)
      for (const filter of ['locale=de', 'locale=en-US', 'product=firefox', 'locale=fr&product=firefox'])
        await compare(`/v1/leaderboards/overall?window=all&limit=100&${filter}`)
      for (const question of Object.keys(readExpectedHistory('not_applied'))) {
        const [metric, query] = question.split('?')
        await compare(`/v1/metrics/${metric}/history?${query}&from=2024-01-02&to=2025-01-01`)
      }
    })
  })
