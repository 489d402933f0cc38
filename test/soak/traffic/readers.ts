import { setTimeout as pause } from 'node:timers/promises'
import { aQuestion } from './questions.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'
import type { Random } from '../community/random.ts'
import { checkAnswer } from './sanity.ts'
import type { Site } from './senders.ts'

const readers = 3
const pauseMilliseconds = 20

/** The statuses that a read may have while the Worker is up; 404 for users who are unknown or erased. */
const expectedStatuses = new Set([200, 404, 503])

/** The number of reads by status; 0 for those that a kill or restart broke off. */
export type Statuses = Map<number, number>

const readOnce = async ({ worker, findings }: Site, request: string): Promise<number> => {
  const life = await worker.whenUp()
  try {
    const response = await fetch(`${life.url}${request}`, { signal: AbortSignal.timeout(hangMilliseconds) })
    const text = await response.text()
    // Any status is possible while the Worker is stopped.
    if (!worker.isAlive(life) && response.status >= 500) return 0
    const isExpected = expectedStatuses.has(response.status)
    findings.require(request, isExpected, `the Worker answered ${response.status}: ${text.slice(0, 300)}`)
    checkAnswer(request, response, text, findings)
    return response.status
  } catch (error) {
    if (!worker.isAlive(life)) return 0
    findings.add(request, `the Worker did not answer, although it is up: ${String(error)}`)
    return 0
  }
}

/** Does random reads in parallel until it is aborted, and checks each answer by itself. */
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
