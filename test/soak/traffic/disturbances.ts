import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../community/random.ts'
import type { SoakWorker } from './worker.ts'

/** How the Worker is disturbed: kills and restarts, spread over about `milliseconds`. */
export interface Disturbances {
  kills: number
  restarts: number
  milliseconds: number
  /** Ends the disturbances early. */
  over: AbortSignal
}

/** The approximate time of a start, which is subtracted from the time between two disturbances. */
const startMilliseconds = 600

/** The least average time between a start and the next disturbance, so that there is traffic to disturb. */
const leastMilliseconds = 400

/** Kills and restarts the Worker at random moments. Resolves when all are done. */
export const disturb = async (
  worker: SoakWorker,
  random: Random,
  { kills, restarts, milliseconds, over }: Disturbances,
): Promise<void> => {
  const average = Math.max(leastMilliseconds, milliseconds / (kills + restarts) - startMilliseconds)
  for (let killsLeft = kills, restartsLeft = restarts; killsLeft + restartsLeft > 0;) {
    await worker.whenUp()
    await pause(2 * average * random.share())
    if (over.aborted) return
    if (random.share() * (killsLeft + restartsLeft) < killsLeft) {
      killsLeft -= 1
      await worker.kill()
    } else {
      restartsLeft -= 1
      await worker.restart()
    }
  }
}
