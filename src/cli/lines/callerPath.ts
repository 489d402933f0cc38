import { resolve } from 'node:path'
import { projectDirectory } from '../platform/wrangler.ts'

/**
 * The path that a caller means by a file name: npm runs every script in the package's root and leaves the directory
 * that it was called in to `INIT_CWD`.
 */
export const callerPath = (name: string): string =>
  process.cwd() === projectDirectory ? resolve(process.env['INIT_CWD'] ?? '', name) : resolve(name)
