import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { amount } from '../support/form.ts'
import { install, missing, runExample } from './support/kitsune.ts'
import { scratchDirectory } from './support/processes.ts'
import { contributionsFile, isHere } from './support/realData.ts'

/** What the run on a whole site printed, for the tests after it. */
let printed = ''

it.skipIf(missing.length > 0)(
  `the reading kit for Kitsune never waits longer than a second, asks twice or fails${install}`,
  async () => {
    const { code, output } = await runExample('reading/unit/run.py')
    expect(code, output).toBe(0)
  },
)

it.skipIf(missing.length > 0)(
  `the reading kit shows Kitsune's own numbers and keeps them when a third of the content is deleted, and no page fails without Perennial${install}`,
  async () => {
    const scratch = await scratchDirectory()
    const every = String(amount(32, 8))
    const real = isHere ? ['--real', contributionsFile(scratch), '--every', every] : []
    const { code, output } = await runExample('reading/start.py', ...real)
    await rm(scratch, { recursive: true })
    printed = output
    console.log(output)
    expect(code, output).toBe(0)
  },
)

it.skipIf(missing.length > 0 || !isHere)(
  `16 years of real contributions were part of that site${isHere ? install : ': ../shared/data is not beside this clone'}`,
  () => {
    const real = Number(/made up, (\d+) real ones/.exec(printed)?.[1])
    expect(real).toBeGreaterThan(amount(1000, 20_000))
  },
)
