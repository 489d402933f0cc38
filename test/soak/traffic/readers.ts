import { setTimeout as pause } from 'node:timers/promises'
import { aQuestion } from './questions.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'
import type { Random } from '../community/random.ts'
import { checkAnswer } from './sanity.ts'
import type { Site } from './senders.ts'

const readers = 3
const pauseMilliseconds = 20

/** What a read may answer while the Worker is up; 404 for those who are not known, or no more. */
const expectedStatuses = new Set([200, 404, 503])

/** How often reads were answered, by status; under 0 those that a kill or restart broke off. */
export type Statuses = Map<number, number>

const readOnce = async ({ worker, findings }: Site, asked: string): Promise<number> => {
  const life = await worker.whenUp()
  try {
    const response = await fetch(`${life.url}${asked}`, { signal: AbortSignal.timeout(hangMilliseconds) })
    const text = await response.text()
    // Anything may come while it is taken down.
    if (!worker.isAlive(life) && response.status >= 500) return 0
    const isExpected = expectedStatuses.has(response.status)
    findings.require(asked, isExpected, `the Worker answers ${response.status}: ${text.slice(0, 300)}`)
    checkAnswer(asked, response, text, findings)
    return response.status
  } catch (error) {
    if (!worker.isAlive(life)) return 0
    findings.add(asked, `the Worker did not answer, although it is up: ${String(error)}`)
    return 0
  }
}

/** Reads all sorts of things from several sides until it is over, and checks each answer by itself. */
export const readUntil = async (site: Site, random: Random, over: AbortSignal): Promise<Statuses> => {
  const statuses: Statuses = new Map()
  const readOwn = async (): Promise<void> => {
    while (!over.aborted) {
      const status = await readOnce(site, aQuestion(random, site.ledger.position, Date.now()))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      await pause(pauseMilliseconds)
    }
  }
  await Promise.all(Array.from({ length: readers }, readOwn))
  return statuses
}
