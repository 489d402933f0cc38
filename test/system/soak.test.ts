import { expect, it } from 'vitest'
import { runCommand } from './support/commands.ts'

// Where other things run beside it, starts and brute force take longer.
const patienceMilliseconds = 600_000

it(
  'loses nothing and counts nothing twice when killed 30 times under mixed traffic: no number differs from brute force',
  async () => {
    const { code, stdout, stderr } = await runCommand('soak', ['--minutes', '0.5', '--kills', '30'])
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/^kills +30, and 6 restarts in order$/m)
    expect(stdout).toMatch(/^resent +[1-9]/m)
    expect(stdout).toMatch(/^numbers compared +\d{2,3},\d{3} /m)
    expect(stdout).toMatch(/^differences +0$/m)
  },
  patienceMilliseconds,
)

it.for([
  [['--help'], 0],
  [['--minutes', '0'], 2],
] as const)('ends on %j with %i', async ([args, code]) => {
  expect((await runCommand('soak', args)).code).toBe(code)
})
