import type { Reporter, TestModule } from 'vitest/node'

/**
 * Prints `N passed, N failed` at the end of a run, and the tests that were skipped. In CI, where everything that a test
 * needs is installed, a skipped test is a failure.
 */
export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const of = (state: string) => tests.filter((test) => test.result().state === state)
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    const skipped = of('skipped')
    for (const test of skipped) console.log(`skipped: ${test.fullName}`)
    if (process.env['CI'] && skipped.length > 0) process.exitCode = 1
    const failed = of('failed').length + broken + (process.env['CI'] ? skipped.length : 0)
    console.log(`${of('passed').length} passed, ${failed} failed`)
  }
}
