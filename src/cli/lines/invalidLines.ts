import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Fault } from '../../http/problem.ts'
import { CommandFailure } from '../command.ts'
import type { Line } from './input.ts'

/** How many bad lines are shown when all of them are in a file. */
const shownBesideFile = 20

const openErrors = async (path: string): Promise<WriteStream> => {
  const file = createWriteStream(path)
  try {
    await once(file, 'open')
    return file
  } catch (error) {
    throw new CommandFailure(
      `Cannot write --errors ${path}: ${String(error)}. Name a file that can be written`,
      {
        cause: error,
      },
    )
  }
}

const inWords = (number: number, fault: Fault): string => {
  const where = 'pointer' in fault ? fault.pointer : fault.parameter
  return `line ${number}: ${where === '' ? '' : `${where}: `}${fault.detail}`
}

/**
 * The lines of a file that are not valid, each with every reason: shown as they are found and, if a file is named
 * for them, written there as NDJSON `{ line, errors, text }`. Keeps only their number.
 */
export class InvalidLines {
  #count = 0
  #say: (text: string) => void
  #file: WriteStream | undefined

  private constructor(file: WriteStream | undefined, say: (text: string) => void) {
    this.#file = file
    this.#say = say
  }

  /** Throws a CommandFailure when the file cannot be written. */
  static async open(path: string | undefined, say: (text: string) => void): Promise<InvalidLines> {
    return new InvalidLines(path === undefined ? undefined : await openErrors(path), say)
  }

  get count(): number {
    return this.#count
  }

  async add({ number, text }: Line, faults: readonly Fault[]): Promise<void> {
    this.#count += 1
    if (this.#file === undefined || this.#count <= shownBesideFile) {
      for (const fault of faults) this.#say(inWords(number, fault))
    } else if (this.#count === shownBesideFile + 1) this.#say('… and more, in the file named by --errors')
    if (this.#file === undefined) return
    const record = { line: number, errors: faults, text: text?.toString() ?? null }
    if (!this.#file.write(`${JSON.stringify(record)}\n`)) await once(this.#file, 'drain')
  }

  async close(): Promise<void> {
    if (this.#file === undefined) return
    this.#file.end()
    await once(this.#file, 'close')
  }
}
