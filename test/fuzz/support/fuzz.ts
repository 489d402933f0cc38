import * as fc from 'fast-check'
import { expect, type TestContext } from 'vitest'
import { amount } from '../../support/form.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** How many inputs of each kind a test tried. test/support/fuzzCounts.ts prints the sums. */
    inputs?: Record<string, number>
  }
}

/** Counts inputs of a kind for the summary at the end of the run. */
export const countInputs = ({ task }: TestContext, kind: string, inputs: number): void => {
  task.meta.inputs = { ...task.meta.inputs, [kind]: (task.meta.inputs?.[kind] ?? 0) + inputs }
}

/** `inputs` in the long form, a tenth of that in the short one. */
export const inForm = (inputs: number): number => amount(Math.ceil(inputs / 10), inputs)

/** fast-check's report, well-formed: a lone surrogate would break the test runner's channel. */
const reportOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).toWellFormed()

/**
 * Tries a property with `inputs` random inputs, a tenth of that in the short form. A failure prints its seed, path and input;
 * passing seed and path to `fc.assert` reproduces it. Inputs are not shrunk, which could take forever.
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
