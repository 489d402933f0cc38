import { expect, it } from 'vitest'
import { amount } from '../support/form.ts'
import { runCommand } from './support/commands.ts'

it('every number equals brute force after repeated kills under mixed traffic', async () => {
  const [minutes, kills] = [amount(0.15, 0.5), amount(10, 30)]
  const { code, stdout, stderr } = await runCommand('soak', [
    '--minutes',
    String(minutes),
    '--kills',
    String(kills),
  ])
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(new RegExp(`^kills +${kills}, and ${kills / 5} restarts in order$`, 'm'))
  expect(stdout).toMatch(/^acknowledged +[1-9]/m)
  expect(stdout).toMatch(/^numbers compared +[1-9][\d,]{3,} /m)
  expect(stdout).toMatch(/^differences +0$/m)
})

it.for([
  [['--help'], 0],
  [['--minutes', '0'], 2],
] as const)('ends on %j with %i', async ([args, code]) => {
  expect((await runCommand('soak', args)).code).toBe(code)
})
