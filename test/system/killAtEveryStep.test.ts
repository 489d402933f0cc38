import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createState } from './support/built.ts'
import { scratchDirectory } from './support/processes.ts'
import { aMessage, deliver, read, readLog } from './support/site.ts'
import { startStepped, type Query, type SteppedWorker } from './support/stepped.ts'

let state: string
let worker: SteppedWorker | undefined

beforeAll(async () => {
  state = await scratchDirectory()
  await createState(state)
  worker = await startStepped(state)
})

afterAll(async () => {
  await worker?.stop()
  await rm(state, { recursive: true, maxRetries: 3 })
})

const restart = async (): Promise<SteppedWorker> => {
  await worker?.stop()
  return (worker = await startStepped(state))
}

const running = (): SteppedWorker => {
  if (!worker) throw new Error('The Worker has not started')
  return worker
}

let rounds = 0

/** One message with an answer by each of users 1 to 3, with their names. */
const aRound = () => {
  rounds += 1
  const contributions = [1, 2, 3].map((id) => ({
    type: 'answer',
    user: { id, username: `user ${id} in round ${rounds}` },
    occurred_at: new Date(Date.now() - 60_000).toISOString(),
    content: { type: 'questions.answer', id: `${rounds}-${id}` },
  }))
  return aMessage('contribution.created', contributions)
}

/** Expects every number to be that of this many rounds, each counted once. */
const expectRounds = async (url: string): Promise<void> => {
  const log = await readLog(url)
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => index + 1))
  expect(new Set(log.map(({ content }) => content.id)).size).toBe(3 * rounds)
  for (const id of [1, 2, 3]) {
    const user = await read(url, `/v1/users/${id}?at_least=${3 * rounds}`)
    expect([user.lifetime.total, user.user.username]).toEqual([rounds, `user ${id} in round ${rounds}`])
  }
  const board = await read(url, `/v1/leaderboards/support-forum?at_least=${3 * rounds}`)
  expect(board.entries.map(({ count }: { count: number }) => count)).toEqual([rounds, rounds, rounds])
}

/** How many contributions of a message are recorded after a kill at a step. */
const written: Record<Query, number[]> = { before: [0], inside: [0, 3], committed: [3] }

describe.each(['before', 'inside', 'committed'] as const)('a Worker killed at the step "%s"', (step) => {
  it('of a webhook has recorded all of the message or nothing, and counts a retry once', async () => {
    const message = aRound()
    const before = 3 * (rounds - 1)
    const [, answer] = await Promise.all([
      running().killAt(step, 'write'),
      deliver(running().url, message).catch((error: unknown) => error),
    ])
    expect(answer).toBeInstanceOf(TypeError) // the connection, not an answer
    const { url } = await restart()
    const found = (await readLog(url)).length - before
    expect(written[step]).toContain(found)
    const again = await deliver(url, message)
    expect([again.recorded, again.duplicate]).toEqual([3 - found, found])
    expect(again.position).toBe(before + 3)
    await expectRounds(url)
  })

  it.each(['/v1/users/1', '/v1/leaderboards/support-forum'])(
    'of a refresh loses nothing and counts nothing twice (%s)',
    async (path) => {
      await deliver(running().url, aRound())
      const [, answer] = await Promise.all([
        running().killAt(step, 'read'),
        read(running().url, `${path}?at_least=${3 * rounds}`).catch((error: unknown) => error),
      ])
      expect(answer).toBeInstanceOf(TypeError)
      const { url } = await restart()
      await expectRounds(url)
    },
  )
})
