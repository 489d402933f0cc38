import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { run } from './processes.ts'

/** Debian's own Python. Another one may come first in the PATH but lack Django. */
const python = '/usr/bin/python3'

const isMissing = {
  postgresql: globSync('/usr/lib/postgresql/*/bin/initdb').length === 0,
  'python3-django': spawnSync(python, ['-c', 'import django']).status !== 0,
  'python3-psycopg2': spawnSync(python, ['-c', 'import psycopg2']).status !== 0,
}

/** The Debian packages that the Kitsune example needs and that are not installed. */
export const missing = Object.entries(isMissing).flatMap(([debianPackage, absent]) =>
  absent ? [debianPackage] : [],
)

/** The end of a title, which says why a test does not run. */
export const install = missing.length === 0 ? '' : ` (not run: apt-get install ${missing.join(' ')})`

/** Runs a program of the Kitsune example. */
export const runExample = async (
  program: string,
  ...args: readonly string[]
): Promise<{ code: number | null; output: string }> =>
  await run(python, [join(projectDirectory, 'examples/kitsune/test', program), ...args], {
    cwd: projectDirectory,
    env: { ...process.env, NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1' },
  })
