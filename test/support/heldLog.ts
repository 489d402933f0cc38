import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

/** Holds what D1 answers to the Worker and its objects. */
export interface HeldLog {
  /** Resolves when so many answers are held. */
  reached(calls?: number): Promise<void>
  /** Lets later calls pass, and goes on holding these. */
  passOthers(): void
  /** Gives out what is held, and holds what is asked after that. */
  step(): void
  /** Gives out everything that is held, and holds nothing more. */
  release(): void
}

/**
 * Holds every answer of D1 until it is released: what it says is what was so when it was asked. `alter` may change
 * what is held. Each call waits by itself, for objects share no promises. Lasts until vi.restoreAllMocks().
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
