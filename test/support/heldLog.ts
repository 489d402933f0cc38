import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

/** Controls the answers of D1 to the Worker and its objects. */
export interface HeldLog {
  /** Resolves when that many answers are held. */
  reached(calls?: number): Promise<void>
  /** Lets later calls pass, and keeps holding these. */
  passOthers(): void
  /** Releases the held answers, and holds later ones. */
  step(): void
  /** Releases the held answers, and lets later ones pass. */
  release(): void
}

/**
 * Holds every answer of D1, after it ran the batch, until it is released. `alter` may change a held answer. Each call polls,
 * because objects cannot share promises. Lasts until vi.restoreAllMocks().
 */
export const holdD1 = (alter: (results: D1Result[]) => void = () => undefined): HeldLog => {
  const state = { isHolding: true, steps: 0, calls: 0 }
  const prototype: D1Database = Object.getPrototypeOf(env.DB)
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  vi.spyOn(prototype, 'batch').mockImplementation(async function hold(this: D1Database, statements) {
    const { isHolding, steps } = state
    const results = await batch.call(this, statements)
    if (!isHolding) return results
    alter(results)
    state.calls += 1
    while (state.steps === steps) await scheduler.wait(2)
    return results
  })
  return {
    reached: async (calls = 1) => {
      while (state.calls < calls) await scheduler.wait(2)
    },
    passOthers: () => {
      state.isHolding = false
    },
    step: () => {
      Object.assign(state, { steps: state.steps + 1, calls: 0 })
    },
    release: () => {
      Object.assign(state, { isHolding: false, steps: state.steps + 1 })
    },
  }
}
