import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createState } from './support/built.ts'
import { scratchDirectory } from './support/processes.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver, read, readLog, signedHeaders, type Message } from './support/site.ts'
import { startWorker } from './support/worker.ts'

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

/** Sends a message, and hangs up some milliseconds after that. */
const sendAndHangUp = async (url: string, message: Message, milliseconds: number): Promise<void> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const headers = { ...signedHeaders(message), host: hostname, 'content-length': message.body.length }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const { promise: isClosed, resolve } = Promise.withResolvers<void>()
  socket.on('error', () => undefined).once('close', () => resolve())
  socket.write(['POST /v1/webhooks HTTP/1.1', ...lines, '', message.body].join('\r\n'))
  await pause(milliseconds)
  socket.destroy()
  await isClosed
}

it('webhooks are answered and recorded once although half of the senders they share a commit with hang up', async () => {
  const rounds = Array.from({ length: 20 }, (_, round) =>
    Array.from({ length: 16 }, (_sender, sender) => `hang-up-${round}-${sender}`),
  )
  for (const [round, ids] of rounds.entries()) {
    const messages = ids.map((id) => aMessage('contribution.created', anAnswer(3, id)))
    await Promise.all(
      messages.map(async (message, sender) => {
        if (sender % 2 === 0) return await sendAndHangUp(server.url, message, (round + sender) % 13)
        // Answered, not retried: a message whose caller was lost would be 503 first, and then a duplicate.
        expect(await deliver(server.url, message)).toMatchObject({ recorded: 1 })
      }),
    )
  }
  const logged = (await readLog(server.url))
    .filter(({ user }) => user.id === 3)
    .map(({ content }) => content.id)
  expect(new Set(logged).size).toBe(logged.length)
  const answered = rounds.flatMap((ids) => ids.filter((_, sender) => sender % 2 === 1))
  expect(logged).toEqual(expect.arrayContaining(answered))
})

it('a webhook that D1 refuses harms none that share its commit', async () => {
  const state = await scratchDirectory()
  await createState(state)
  const files = join(state, 'v3/d1/miniflare-D1DatabaseObject')
  for (const name of readdirSync(files).filter((file) => /^[0-9a-f]+\.sqlite$/.test(file))) {
    const database = new DatabaseSync(join(files, name))
    database.exec(
      `CREATE TRIGGER spoilt BEFORE INSERT ON events WHEN NEW.content_id = 'spoilt' BEGIN SELECT RAISE(ABORT, 'spoilt'); END`,
    )
    database.close()
  }
  const { url, kill } = await startWorker(state)
  const ids = Array.from({ length: 30 }, (_, index) => (index === 15 ? 'spoilt' : `sound-${index}`))
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const message = aMessage('contribution.created', anAnswer(1, id))
      return await deliver(url, message).catch((error: unknown) => String(error))
    }),
  )
  const logged = await readLog(url)
  for (const [index, id] of ids.entries()) {
    if (id === 'spoilt') expect(outcomes[index]).toMatch(/answered 500/)
    else
      expect(outcomes[index]).toMatchObject({
        results: [{ position: logged.find(({ content }) => content.id === id)?.position }],
      })
  }
  expect(logged).toHaveLength(29)
  await kill()
  await rm(state, { recursive: true })
})
