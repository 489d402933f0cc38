import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { run } from './support/processes.ts'

/** Debian's own Python. Another one may come first in the PATH but lack Django. */
const python = '/usr/bin/python3'

const isMissing = {
  postgresql: globSync('/usr/lib/postgresql/*/bin/initdb').length === 0,
  'python3-django': spawnSync(python, ['-c', 'import django']).status !== 0,
  'python3-psycopg2': spawnSync(python, ['-c', 'import psycopg2']).status !== 0,
}
const missing = Object.entries(isMissing).flatMap(([debianPackage, absent]) =>
  absent ? [debianPackage] : [],
)
const install = missing.length === 0 ? '' : ` (not run: apt-get install ${missing.join(' ')})`

it.skipIf(missing.length > 0)(
  `the Kitsune example delivers every event, although the Worker is killed twice meanwhile${install}`,
  async () => {
    const { code, output } = await run(python, [join(projectDirectory, 'examples/kitsune/test/run.py')], {
      cwd: projectDirectory,
      env: { ...process.env, NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1' },
    })
    console.log(output)
    expect(code, output).toBe(0)
  },
)
