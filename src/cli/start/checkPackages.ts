import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command.ts'
import { errorCode } from '../lines/files.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/** A package in a lock file, by its place in node_modules. */
interface LockedPackage {
  version?: string
  /** Whether it may be left out, for example on another platform. */
  optional?: boolean
  devOptional?: boolean
}

const packagesIn = async (lockFile: string): Promise<Record<string, LockedPackage>> => {
  const text = await readFile(join(projectDirectory, lockFile), 'utf8')
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(text)
  return packages
}

/** Throws a CommandFailure if npm has not installed what package-lock.json says, as after a pull that added a package. */
export const checkPackages = async (): Promise<void> => {
  try {
    const locked = await packagesIn('package-lock.json')
    const installed = await packagesIn('node_modules/.package-lock.json')
    const isInstalled = ([place, { version, optional, devOptional }]: [string, LockedPackage]): boolean =>
      !place.startsWith('node_modules/') ||
      optional === true ||
      devOptional === true ||
      installed[place]?.version === version
    if (Object.entries(locked).every(isInstalled)) return
  } catch (error) {
    // Another package manager leaves no record of what it installed.
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  throw new CommandFailure('Packages are out of date: run npm ci')
}
