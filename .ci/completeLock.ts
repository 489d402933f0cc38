/*
 * Adds the optional packages of other platforms to package-lock.json. A registry without them omits them, and `npm ci` then
 * rejects the file. Run it after every `npm install`: node .ci/completeLock.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockedPackage {
  version?: string
  license?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm', 'arm64', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x']

/** The system, processor and C library in the name of a platform's package. */
const platformOf = (name: string): LockedPackage => {
  const parts = (name.split('/')[1] ?? name).split('-')
  const os = parts.includes('windows') ? ['win32'] : systems.filter((system) => parts.includes(system))
  const cpu = parts.includes('64') ? ['x64'] : processors.filter((processor) => parts.includes(processor))
  if (os.length === 0 || cpu.length === 0) throw new Error(`Cannot tell the platform of ${name} by its name`)
  const libc = parts.some((part) => part.startsWith('musl'))
    ? ['musl']
    : parts.includes('gnu')
      ? ['glibc']
      : undefined
  return { os, cpu, ...(libc && { libc }) }
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> }
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const license = parent.license ?? 'MIT'
    lock.packages[`node_modules/${name}`] ??= {
      version,
      dev: true,
      license,
      optional: true,
      ...platformOf(name),
    }
  }
}
const sorted = Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
