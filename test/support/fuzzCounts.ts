import type { Reporter, TestModule } from 'vitest/node'

/** The least number of inputs in the long form of the suite. */
const inputsMin = 200_000

const grouped = new Intl.NumberFormat('en')

/** Prints how many inputs of each kind a run fuzzed. In CI the long form fails with too few. */
export default class FuzzCounts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const kinds = new Map<string, number>()
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        for (const [kind, inputs] of Object.entries(test.meta().inputs ?? {}))
          kinds.set(kind, (kinds.get(kind) ?? 0) + inputs)
      }
    }
    const total = [...kinds.values()].reduce((sum, inputs) => sum + inputs, 0)
    if (total === 0) return
    const parts = [...kinds].map(([kind, inputs]) => `${grouped.format(inputs)} ${kind}`)
    console.log(`fuzzed ${grouped.format(total)} inputs: ${parts.join(', ')}`)
    if (!process.env['CI'] || process.env['FORM'] !== 'long' || total >= inputsMin) return
    console.log(`The long form fuzzes at least ${grouped.format(inputsMin)} inputs`)
    process.exitCode = 1
  }
}
