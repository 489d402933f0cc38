import { join } from 'node:path'
import { unstable_getVarsForDev as getVarsForDev, unstable_readConfig as readConfig } from 'wrangler'
import { misconfigurations } from '../../configuration.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/*
 * Reads the variables that wrangler dev passes to the Worker, from wrangler.toml and .dev.vars, and prints a line for
 * each invalid one, without its value. Runs as a child process, because loading wrangler takes 300 MB.
 */

const { configPath, vars, secrets } = readConfig({ config: join(projectDirectory, 'wrangler.toml') })
const bindings = Object.entries(getVarsForDev(configPath, undefined, vars, undefined, true, secrets))
const values = Object.fromEntries(bindings.map(([name, { value }]) => [name, value]))

for (const { message, consequence } of misconfigurations(values))
  console.log(`${message}. Until then, ${consequence}.`)
