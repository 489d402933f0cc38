import * as fc from 'fast-check'
import { expect, type TestContext } from 'vitest'
import { amount } from '../../support/form.ts'

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

/** So many in the long form, a tenth of it in the short one. */
export const inForm = (inputs: number): number => amount(Math.ceil(inputs / 10), inputs)

/** What fast-check says of a failure. Half a surrogate pair in it would break the test runner's own channel. */
const reportOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).toWellFormed()

/**
 * Tries a property with so many random inputs, fewer in the short form. A failure prints the seed, the path and the input; given to
 * `fc.assert` here, the first two bring it back. Nothing is shrunk, which could go on for ever.
 */
export const fuzz = async <Inputs>(
  context: TestContext,
  kind: string,
  property: fc.IRawProperty<Inputs>,
  inputs: number,
): Promise<void> => {
  try {
    await fc.assert(property, { numRuns: inForm(inputs), endOnFailure: true, includeErrorInReport: true })
  } catch (error) {
    expect.fail(reportOf(error))
  }
  countInputs(context, kind, inForm(inputs))
}
