import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_getVarsForDev as getVarsForDev,
  unstable_readConfig as readConfig,
} from 'wrangler'
import { readLocalConfiguration } from '../../src/cli/platform/localConfiguration.ts'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { scratchDirectory } from './support/processes.ts'

let directory: string

beforeEach(async () => {
  directory = await scratchDirectory()
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

/** What wrangler makes of the files in the directory. */
const readByWrangler = () => {
  const config = join(directory, 'wrangler.toml')
  const { workerOptions } = getMiniflareWorkerOptions(config)
  const { vars, secrets } = readConfig({ config })
  const bindings = Object.entries(getVarsForDev(config, undefined, vars, undefined, true, secrets))
  const { compatibilityDate, d1Databases } = workerOptions as unknown as {
    compatibilityDate: string
    d1Databases: { DB: { id: string } }
  }
  return {
    compatibilityDate,
    databaseId: d1Databases.DB.id,
    variables: Object.fromEntries(bindings.map(([name, { value }]) => [name, value])),
  }
}

const isTheDatabase = 'database_name = "perennial"\n'

it.for([
  ['.dev.vars.example', {}, ''],
  ['no file', {}, ''],
  [
    'quotes, comments, blank lines, white space and unknown names',
    {
      '.dev.vars': `# a comment
WEBHOOK_SECRETS="whsec_a whsec_b" # another
export ADMIN_TOKEN='it # is'

  SYSTEM_USER_IDS = 9,10
DEFAULT_LOCALE=
PICTURE_ORIGINS="https://a.example
https://b.example"
RATE_LIMITS=\`off\`
SOMETHING_ELSE=1
`,
    },
    '',
  ],
  ['Windows line endings', { '.dev.vars': 'ADMIN_TOKEN=a\r\nSYSTEM_USER_IDS="9"\r\n' }, ''],
  ['an empty .dev.vars beside .env', { '.dev.vars': '', '.env': 'SYSTEM_USER_IDS=9\n' }, ''],
  [
    '.env files that refer to each other',
    { '.env': 'A=9\nSYSTEM_USER_IDS=${A},10\n', '.env.local': 'ADMIN_TOKEN=local\n' },
    '',
  ],
  ['the id of a deployed database', {}, 'database_id = "0f1e"\n'],
  ['the id of a database for previews', {}, 'database_id = "0f1e"\npreview_database_id = "2d3c"\n'],
] as [string, Record<string, string>, string][])(
  'commands read the configuration as wrangler dev does, with %s',
  async ([name, files, ids]) => {
    vi.stubEnv('WRANGLER_LOG', 'none')
    vi.stubEnv('SYSTEM_USER_IDS', '11')
    vi.stubEnv('ADMIN_TOKEN', 'of-the-environment')
    const toml = await readFile(join(projectDirectory, 'wrangler.toml'), 'utf8')
    expect(toml).toContain(isTheDatabase)
    await writeFile(join(directory, 'wrangler.toml'), toml.replace(isTheDatabase, isTheDatabase + ids))
    const example = await readFile(join(projectDirectory, '.dev.vars.example'), 'utf8')
    const given = name === '.dev.vars.example' ? { '.dev.vars': example } : files
    for (const [file, text] of Object.entries(given)) await writeFile(join(directory, file), text)
    expect(await readLocalConfiguration(directory)).toEqual(readByWrangler())
  },
)
