import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { run, runningIn, scratchDirectory, until, watch } from './processes.ts'

/** A new directory with what a clone of the project would hold, and with the packages that are installed already. */
export const cloneProject = async (): Promise<string> => {
  const clone = await scratchDirectory()
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { output } = await run('git', listing, { cwd: projectDirectory })
  const files = output.split('\0').filter((file) => file !== '' && existsSync(join(projectDirectory, file)))
  for (const file of files) await cp(join(projectDirectory, file), join(clone, file))
  await symlink(join(projectDirectory, 'node_modules'), join(clone, 'node_modules'))
  return clone
}

/** A running `npm start`. */
export interface StartedClone {
  url: string
  pid: number
  output: () => string
  /** Ends it as a supervisor would: SIGTERM to npm alone. */
  stop: () => Promise<void>
}

/** Runs `npm start` in a clone until it says that the Worker is up. Its processes are a group, for `killGroup`. */
export const startClone = async (clone: string, port: number): Promise<StartedClone> => {
  const { child, output } = watch(
    spawn('npm', ['start', '--', '--port', String(port)], { cwd: clone, detached: true }),
  )
  const { pid = 0 } = child
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`npm start ended: ${output()}`)
      return output().includes('Ctrl-C stops the Worker')
    },
    () => `npm start has not come up: ${output()}`,
  )
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await until(
      async () => (await runningIn(pid)).length === 0,
      () => `SIGTERM leaves something running: ${output()}`,
    )
  }
  return { url: `http://127.0.0.1:${port}`, pid, output, stop }
}
