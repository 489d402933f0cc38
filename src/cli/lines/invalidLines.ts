import { createWriteStream, type WriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { BodyIssue } from '../../failure.ts'
import { CommandFailure, CommandMisuse } from '../command.ts'
import { callerPath, cannotWrite, isSameFile } from './files.ts'
import { textOf, type Input, type Line } from './input.ts'

/** How many invalid lines are printed, unless all are. */
const shownMax = 20

/** The start of every line of an errors file. */
const lineStart = '{"line":'

const isOtherFile = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lineStart.length), 0, lineStart.length, 0)
    return bytesRead > 0 && buffer.toString('latin1', 0, bytesRead) !== lineStart
  } finally {
    await file.close()
  }
}

/** Throws unless the file is missing or is an errors file from an earlier run. */
const checkReplaceable = async (name: string, path: string, input: Input): Promise<void> => {
  const about = await stat(path).catch(() => undefined)
  if (about === undefined) return
  if (isSameFile(about, input.source)) {
    throw new CommandMisuse(`--errors ${name} is the input file itself: name another file`)
  }
  if (about.isFile() && (await isOtherFile(path))) {
    throw new CommandFailure(`${name} exists and is not an errors file: name another file for --errors`)
  }
}

const openErrors = async (name: string, input: Input): Promise<WriteStream> => {
  const path = callerPath(name)
  try {
    await checkReplaceable(name, path, input)
    const file = createWriteStream(path)
    await once(file, 'open')
    file.on('error', () => undefined) // add() and close() report it
    return file
  } catch (error) {
    throw error instanceof CommandFailure ? error : cannotWrite(name, error)
  }
}

const describeIssue = (number: number, { pointer, detail }: BodyIssue): string =>
  `line ${number}: ${pointer === '' ? '' : `${pointer}: `}${detail}`

/** A line of the errors file. Bytes that are not UTF-8 are in base64. */
const toRecord = (line: Line, issues: readonly BodyIssue[]): object => {
  const text = textOf(line) === undefined ? undefined : line.text?.toString()
  const bytes = text === undefined ? line.text?.toString('base64') : undefined
  return {
    line: line.number,
    errors: issues,
    text: text ?? null,
    ...(bytes !== undefined && { base64: bytes }),
  }
}

/**
 * Reports the invalid lines of a file with all of their issues. Prints them as they are found, and writes them to the
 * errors file, if one is named, as NDJSON `{ line, errors, text, base64? }`. Keeps only their number in memory.
 */
export class InvalidLines {
  #count = 0
  #print: (text: string) => void
  #name: string
  #file: WriteStream | undefined
  #printsAll: boolean

  private constructor(
    name: string,
    file: WriteStream | undefined,
    printLine: (text: string) => void,
    printsAll: boolean,
  ) {
    this.#name = name
    this.#file = file
    this.#print = printLine
    this.#printsAll = printsAll
  }

  /**
   * Prints the first 20 lines. Without an errors file, prints all of them if `printsAll`. Throws a CommandFailure if the
   * errors file cannot be written, or is a file that must not be replaced.
   */
  static async open(
    name: string | undefined,
    input: Input,
    printLine: (text: string) => void,
    printsAll = true,
  ): Promise<InvalidLines> {
    const file = name === undefined ? undefined : await openErrors(name, input)
    return new InvalidLines(name ?? '', file, printLine, printsAll && file === undefined)
  }

  get count(): number {
    return this.#count
  }

  async add(line: Line, issues: readonly BodyIssue[]): Promise<void> {
    this.#count += 1
    if (this.#printsAll || this.#count <= shownMax) {
      for (const issue of issues) this.#print(describeIssue(line.number, issue))
    } else if (this.#count === shownMax + 1)
      this.#print(this.#file ? '… the errors file has the rest' : '… and more lines, which are not shown')
    if (this.#file === undefined) return
    try {
      // A stream that has failed never drains.
      if (this.#file.errored) throw this.#file.errored
      const record = `${JSON.stringify(toRecord(line, issues))}\n`
      if (!this.#file.write(record)) await once(this.#file, 'drain')
    } catch (error) {
      throw cannotWrite(this.#name, error)
    }
  }

  /** Throws a CommandFailure if a line could not be written. */
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
