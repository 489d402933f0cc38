import * as fc from 'fast-check'
import type { TestContext } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** How many inputs of each kind a test tried: test/support/fuzzCounts.ts sums them up. */
    inputs?: Record<string, number>
  }
}

/** Counts inputs of a kind for the line at the end of the run. */
export const countInputs = ({ task }: TestContext, kind: string, inputs: number): void => {
  task.meta.inputs = { ...task.meta.inputs, [kind]: (task.meta.inputs?.[kind] ?? 0) + inputs }
}

/**
 * Tries a property with so many random inputs. A failure prints the seed, the path and the input; given to
 * `fc.assert` here, the first two bring it back. Nothing is shrunk, which could go on for ever.
 */
export const fuzz = async <Inputs>(
  context: TestContext,
  kind: string,
  property: fc.IRawProperty<Inputs>,
  inputs: number,
): Promise<void> => {
  await fc.assert(property, { numRuns: inputs, endOnFailure: true })
  countInputs(context, kind, inputs)
}
