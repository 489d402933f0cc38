import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildWorker, optionsOf } from '../../../bench/built.ts'
import { migrate } from '../../../src/cli/migrate.ts'
import { offline } from '../../../src/cli/platform/wrangler.ts'
import { secrets } from './site.ts'

/*
 * Builds once what many tests run, into the directory that is its argument: the Worker as for a deployment, `options.json`,
 * with which `host.ts` runs it, and `state`, the files of an empty database with all migrations.
 */

const directory = process.argv[2] ?? ''
const state = join(directory, 'state')
Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
await mkdir(directory, { recursive: true })
const built = await buildWorker('src/worker.ts', join(directory, 'worker'))
const bindings = { ...secrets, RATE_LIMITS: 'off' }
const options = optionsOf(built, { bindings, state: join(state, 'v3'), likeDev: true })
await writeFile(join(directory, 'options.json'), JSON.stringify(options))
await migrate(state)
