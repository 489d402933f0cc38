import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../../src/cli/migrate.ts'
import { scratchDirectory } from './support/processes.ts'
import { aMessage, deliver, read, readLog, type Message } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

const users = 12
const batchItems = 25

let state: string
let worker: KillableWorker | undefined

beforeEach(async () => {
  state = await scratchDirectory()
  await migrate(state)
})

afterEach(async () => {
  await worker?.kill()
  await rm(state, { recursive: true })
})

interface Sent {
  message: Message
  contributions: { user: { id: number }; content: { id: string } }[]
  /** Where the answer said that they stand; undefined when no 200 came. */
  positions: number[] | undefined
}

/** Message number `index`: every fourth is a batch. */
const aSending = (index: number): Sent => {
  const contributions = Array.from({ length: index % 4 === 3 ? batchItems : 1 }, (_, item) => ({
    type: 'answer',
    user: { id: 1 + ((index + item) % users) },
    occurred_at: '2026-01-01T00:00:00Z',
    content: { type: 'questions.answer', id: `${index}-${item}` },
  }))
  return { message: aMessage('contribution.created', contributions), contributions, positions: undefined }
}

/** Sends and reads from many sides at once until `killed`; whatever fails before that is a failure. */
const load = async (url: string, sent: Sent[], onAnswer: () => void, killed: AbortSignal): Promise<void> => {
  const send = async (): Promise<void> => {
    const sending = aSending(sent.length)
    sent.push(sending)
    const { results } = await deliver(url, sending.message)
    sending.positions = results.map(({ position }: { position: number }) => position)
    onAnswer()
  }
  // Readers make the counters follow the log, so that the kill finds them at work too.
  let reads = 0
  const readUser = async (): Promise<void> => {
    reads += 1
    await (await fetch(`${url}/v1/users/${1 + (reads % users)}`)).text()
  }
  const repeat = async (act: () => Promise<void>): Promise<void> => {
    while (!killed.aborted) {
      try {
        await act()
      } catch (error) {
        if (!killed.aborted) throw error
      }
    }
  }
  await Promise.all([...Array.from({ length: 6 }, async () => await repeat(send)), repeat(readUser)])
}

/** What the log holds: each contribution once, acknowledged ones where they were said to stand, no part of a message. */
const checkLog = async (url: string, sent: readonly Sent[]): Promise<void> => {
  const log = await readLog(url)
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => index + 1))
  const positions = new Map(log.map(({ content, position }) => [content.id, position]))
  expect(positions.size).toBe(log.length)
  let held = 0
  for (const { contributions, positions: promised } of sent) {
    const found = contributions.map(({ content }) => positions.get(content.id))
    if (promised === undefined) expect(new Set(found.map((position) => position !== undefined)).size).toBe(1)
    else expect(found).toEqual(promised)
    held += found.filter((position) => position !== undefined).length
  }
  expect(held).toBe(log.length)
  for (let id = 1; id <= users; id += 1) {
    const user = await read(url, `/v1/users/${id}?at_least=${log.length}`)
    expect(user.lifetime.total, `user ${id}`).toBe(log.filter((event) => event.user.id === id).length)
  }
}

it('keeps every acknowledged contribution, once, when killed three times in the middle of a load', async () => {
  const sent: Sent[] = []
  for (const answersBeforeKill of [10, 60, 110]) {
    const { url, kill } = (worker = await startWorker(state))
    const killed = new AbortController()
    let answers = 0
    const onAnswer = (): void => {
      answers += 1
      if (answers === answersBeforeKill) killed.abort(kill())
    }
    await load(url, sent, onAnswer, killed.signal)
    await killed.signal.reason
  }
  const { url } = (worker = await startWorker(state))
  expect(sent.filter(({ positions }) => positions === undefined).length).toBeGreaterThan(0)
  await checkLog(url, sent)

  for (const sending of sent) {
    const { recorded, duplicate, results } = await deliver(url, sending.message)
    expect(recorded + duplicate).toBe(sending.contributions.length)
    if (sending.positions !== undefined) expect(recorded).toBe(0)
    sending.positions = results.map(({ position }: { position: number }) => position)
  }
  await checkLog(url, sent)
})
