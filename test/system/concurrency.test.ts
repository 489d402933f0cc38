import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver, read, readLog } from './support/site.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

const anAnswer = (userId: number, id: string) => ({
  type: 'answer',
  user: { id: userId },
  occurred_at: '2026-01-01T00:00:00Z',
  content: { type: 'questions.answer', id },
})

const greatestPosition = (answers: { position: number }[]): number =>
  Math.max(...answers.map(({ position }) => position))

it('counts 500 simultaneous webhooks as exactly 500 contributions', async () => {
  const messages = Array.from({ length: 500 }, (_, index) =>
    aMessage('contribution.created', anAnswer(1, `parallel-${index}`)),
  )
  const answers = await Promise.all(messages.map(async (message) => await deliver(server.url, message)))
  // A webhook that was committed but answered with an error is a duplicate when it is retried.
  expect(answers.map(({ recorded, duplicate }) => recorded + duplicate)).toEqual(messages.map(() => 1))
  const positions = answers.map(({ results }) => results[0].position).sort((left, right) => left - right)
  expect(positions).toEqual(messages.map((_, index) => index + 1))
  const user = await read(server.url, `/v1/users/1?at_least=${greatestPosition(answers)}`)
  expect(user.lifetime).toMatchObject({ total: 500, answer: 500 })
  const board = await read(server.url, '/v1/leaderboards/support-forum?window=all')
  expect(board.entries).toMatchObject([{ rank: 1, user: { id: 1 }, count: 500 }])
})

it('records 200 contributions once each although 20 senders send all of them', async () => {
  const answers = Array.from({ length: 200 }, (_, index) => anAnswer(2, `shared-${index}`))
  const batchSizes = [1, 7, 20, 50, 200]
  const sendAll = async (sender: number): Promise<{ recorded: number; duplicate: number }> => {
    // Each sender starts at another contribution and uses other batch sizes, so that duplicates meet in many ways.
    const start = sender * 10
    const own = [...answers.slice(start), ...answers.slice(0, start)]
    const size = batchSizes[sender % batchSizes.length] ?? 1
    const sums = { recorded: 0, duplicate: 0 }
    for (let first = 0; first < own.length; first += size) {
      const batch = own.slice(first, first + size)
      const answer = await deliver(server.url, aMessage('contribution.created', batch))
      sums.recorded += answer.recorded
      sums.duplicate += answer.duplicate
    }
    return sums
  }
  const sums = await Promise.all(Array.from({ length: 20 }, async (_, sender) => await sendAll(sender)))
  const sum = (key: 'recorded' | 'duplicate'): number => sums.reduce((total, each) => total + each[key], 0)
  expect(sum('recorded') + sum('duplicate')).toBe(20 * 200)
  expect(sum('recorded')).toBeLessThanOrEqual(200)
  const logged = (await readLog(server.url)).filter(({ user }) => user.id === 2)
  expect(new Set(logged.map(({ content }) => content.id)).size).toBe(200)
  expect(logged).toHaveLength(200)
})
