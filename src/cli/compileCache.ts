import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { projectDirectory } from './platform/wrangler.ts'

/*
 * Keeps what Node compiles of this process and its children, so that the next command starts sooner. Node itself checks
 * that a module is still the same, and does without the cache if it cannot write it.
 */
process.env['NODE_COMPILE_CACHE'] ??= join(projectDirectory, 'node_modules/.cache/node')
enableCompileCache()
