import { join } from 'node:path'
import { unstable_getVarsForDev as getVarsForDev, unstable_readConfig as readConfig } from 'wrangler'
import { misconfigurations } from '../../configuration.ts'
import { projectDirectory } from './wrangler.ts'

/*
 * A process of its own, for loading wrangler takes 300 MB: reads the variables that wrangler dev gives the Worker, from
 * wrangler.toml and .dev.vars, and prints a line for each that cannot be used. It prints none of their values.
 */

const { configPath, vars, secrets } = readConfig({ config: join(projectDirectory, 'wrangler.toml') })
const bindings = Object.entries(getVarsForDev(configPath, undefined, vars, undefined, true, secrets))
const values = Object.fromEntries(bindings.map(([name, { value }]) => [name, value]))

for (const { message, until } of misconfigurations(values)) console.log(`${message}. Until then, ${until}.`)
