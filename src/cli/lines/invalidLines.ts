import { createWriteStream, type WriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Fault } from '../../http/problem.ts'
import { CommandFailure, CommandMisuse } from '../command.ts'
import { callerPath } from './callerPath.ts'
import { textOf } from './decodeLine.ts'
import type { Input, Line } from './input.ts'
import { cannotWrite, isSameFile } from './trouble.ts'

/** How many bad lines are shown when all of them are in a file. */
const shownBesideFile = 20

/** How every line of a file of bad lines begins. */
const beginning = '{"line":'

const holdsSomethingElse = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginning.length), 0, beginning.length, 0)
    return bytesRead > 0 && buffer.toString('latin1', 0, bytesRead) !== beginning
  } finally {
    await file.close()
  }
}

/** Only what an earlier run wrote is replaced. */
const refusePrecious = async (name: string, path: string, input: Input): Promise<void> => {
  const about = await stat(path).catch(() => undefined)
  if (about === undefined) return
  if (isSameFile(about, input.source)) {
    throw new CommandMisuse(`--errors ${name} is the file that is read: name another, or it would be emptied`)
  }
  if (about.isFile() && (await holdsSomethingElse(path))) {
    throw new CommandFailure(`${name} exists and does not hold bad lines: name another file for --errors`)
  }
}

const openErrors = async (name: string, input: Input): Promise<WriteStream> => {
  const path = callerPath(name)
  try {
    await refusePrecious(name, path, input)
    const file = createWriteStream(path)
    await once(file, 'open')
    file.on('error', () => undefined) // add() and close() report it
    return file
  } catch (error) {
    throw error instanceof CommandFailure ? error : cannotWrite(name, error)
  }
}

const inWords = (number: number, fault: Fault): string => {
  const where = 'pointer' in fault ? fault.pointer : fault.parameter
  return `line ${number}: ${where === '' ? '' : `${where}: `}${fault.detail}`
}

/** A line in full. One that is not UTF-8 has its bytes instead of a text that would not be the same. */
const toRecord = (line: Line, faults: readonly Fault[]): object => {
  const text = textOf(line) === undefined ? undefined : line.text?.toString()
  const bytes = text === undefined ? line.text?.toString('base64') : undefined
  return {
    line: line.number,
    errors: faults,
    text: text ?? null,
    ...(bytes !== undefined && { base64: bytes }),
  }
}

/**
 * The lines of a file that are not valid, each with every reason: shown as they are found and, if a file is named
 * for them, written there as NDJSON `{ line, errors, text, base64? }`. Keeps only their number.
 */
export class InvalidLines {
  #count = 0
  #say: (text: string) => void
  #name: string
  #file: WriteStream | undefined

  private constructor(name: string, file: WriteStream | undefined, say: (text: string) => void) {
    this.#name = name
    this.#file = file
    this.#say = say
  }

  /** Throws a CommandFailure when the file cannot be written, or holds what should be kept: the input itself, too. */
  static async open(
    name: string | undefined,
    input: Input,
    say: (text: string) => void,
  ): Promise<InvalidLines> {
    const file = name === undefined ? undefined : await openErrors(name, input)
    return new InvalidLines(name ?? '', file, say)
  }

  get count(): number {
    return this.#count
  }

  async add(line: Line, faults: readonly Fault[]): Promise<void> {
    this.#count += 1
    if (this.#file === undefined || this.#count <= shownBesideFile) {
      for (const fault of faults) this.#say(inWords(line.number, fault))
    } else if (this.#count === shownBesideFile + 1) this.#say('… and more, in the file named by --errors')
    if (this.#file === undefined) return
    try {
      const record = `${JSON.stringify(toRecord(line, faults))}\n`
      if (!this.#file.write(record)) await once(this.#file, 'drain')
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  /** Throws a CommandFailure when not every line could be written. */
  async close(): Promise<void> {
    if (this.#file === undefined) return
    this.#file.end()
    try {
      await finished(this.#file)
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }
}
