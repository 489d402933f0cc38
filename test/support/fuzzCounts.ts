import type { Reporter, TestModule } from 'vitest/node'

/** What a run of the whole suite tries at least. */
const inputsMin = 200_000

const grouped = new Intl.NumberFormat('en')

/** Ends a run with how many inputs were fuzzed, by kind. In CI, where all of it runs, too few are a failure. */
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
    if (process.env['CI'] && total < inputsMin) process.exitCode = 1
    const parts = [...kinds].map(([kind, inputs]) => `${grouped.format(inputs)} ${kind}`)
    console.log(`fuzzed ${grouped.format(total)} inputs: ${parts.join(', ')}`)
  }
}
