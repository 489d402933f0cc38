import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'

/** What a picture shows. */
export interface Taken {
  /** The commit that it was taken from, with `-dirty` if files were changed since; `unknown` without git. */
  commit: string
  /** RFC 3339. */
  at: string
  /** How many files it is in. */
  files: number
  /** The language that was asked for, if one was. */
  lang?: string
}

/** The files of a picture. */
export const filesOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? `${name}.png` : `${name}-${index + 1}.png`))

const commitHere = (): string => {
  try {
    const words = ['describe', '--always', '--dirty', '--exclude', '*']
    return execFileSync('git', words, { cwd: projectDirectory, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** The pictures in a folder, by name, with the commit and the time of each. */
export class PictureRecord {
  readonly folder: string
  readonly #file: string
  readonly #commit = commitHere()
  readonly #taken: Map<string, Taken>

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.folder = folder
    this.#file = join(folder, 'pictures.json')
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '{}'
    this.#taken = new Map(Object.entries(JSON.parse(text) as Record<string, Taken>))
  }

  get(name: string): Taken | undefined {
    return this.#taken.get(name)
  }

  /** Records a picture that is taken now. Removes the files of the one before, and returns those to write. */
  add(name: string, files: number, lang: string | undefined): string[] {
    for (const file of filesOf(name, this.get(name)?.files ?? 0))
      rmSync(join(this.folder, file), { force: true })
    const at = new Date().toISOString()
    this.#taken.set(name, { commit: this.#commit, at, files, ...(lang === undefined ? {} : { lang }) })
    return filesOf(name, files)
  }

  save(): void {
    writeFileSync(this.#file, `${JSON.stringify(Object.fromEntries(this.#taken), undefined, 2)}\n`)
  }
}
