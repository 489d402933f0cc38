import * as fc from 'fast-check'
import { inject } from 'vitest'
import { migrate } from './freshLog.ts'

fc.configureGlobal({ seed: inject('seed') })
await migrate()
