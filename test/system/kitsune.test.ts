import { expect, it } from 'vitest'
import { install, missing, runExample } from './support/kitsune.ts'

it.skipIf(missing.length > 0)(
  `the Kitsune example delivers every event, even if the Worker is killed twice${install}`,
  async () => {
    const { code, output } = await runExample('run.py')
    console.log(output)
    expect(code, output).toBe(0)
  },
)
