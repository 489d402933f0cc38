import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../community/random.ts'
import type { SoakWorker } from './worker.ts'

/** How the Worker is disturbed: so many kills and restarts, spread over about so long. */
export interface Disturbances {
  kills: number
  restarts: number
  milliseconds: number
  /** Ends it before that. */
  over: AbortSignal
}

/** What a start takes, about; a life is on average as long as is left of its share. */
const startMilliseconds = 600

/** Lives are this long on average at least, so that there is something to disturb. */
const leastMilliseconds = 400

/** Kills and restarts the Worker at random moments; resolves when all of it is done. */
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
