import * as fc from 'fast-check'
import { inject, vi } from 'vitest'
import { freshWorkerd } from './freshLog.ts'

fc.configureGlobal({ seed: inject('seed') })

// Files share a workerd (isolate: false): none may find the clock, the mocks or the data of the one before.
vi.useRealTimers()
vi.restoreAllMocks()
vi.unstubAllGlobals()
await freshWorkerd()
