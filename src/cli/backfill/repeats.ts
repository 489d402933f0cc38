import { hash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  contributionTypes,
  type Contribution,
  type ContributionType,
} from '../../contributions/contribution.ts'
import { cannotKeep } from '../lines/trouble.ts'

/** A contribution whose identity an earlier line of the file has. */
export interface Repeat {
  line: number
  type: ContributionType
  year: number
  /** It says of itself what the earlier line says. */
  same: boolean
}

const recordBytes = 32
const identityBytes = 16
const factsBytes = 8
/** The parts of all identities, by the first byte of their digests. */
const partCount = 256
const partBufferBytes = recordBytes * 1024
const firstYear = 2000

/** Works with temporary files; throws a CommandFailure when there is no place for them. */
const keeping = <Result>(work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw cannotKeep(tmpdir(), error)
  }
}

const digest = (value: unknown): Buffer => hash('md5', JSON.stringify(value), 'buffer')

/** Records of one part of all identities: in memory, and in a file what does not fit. */
class Part {
  #buffer = Buffer.alloc(partBufferBytes)
  #held = 0
  #file: number | undefined
  #path: string

  constructor(path: string) {
    this.#path = path
  }

  add(record: Buffer): void {
    if (this.#held === partBufferBytes) {
      keeping(() => {
        this.#file ??= openSync(this.#path, 'w', 0o600)
        for (let done = 0; done < partBufferBytes;) done += writeSync(this.#file, this.#buffer, done)
      })
      this.#held = 0
    }
    record.copy(this.#buffer, this.#held)
    this.#held += recordBytes
  }

  /** Every record, in the order of adding. */
  records(): Buffer {
    const held = this.#buffer.subarray(0, this.#held)
    return this.#file === undefined ? held : Buffer.concat([readFileSync(this.#path), held])
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}

/**
 * Finds the contributions that a file repeats, exactly (by digests of 128 bits) and in flat memory: what is known
 * of each, 32 bytes, goes to one of 256 parts by its identity, on disk, and each part is looked through on its own.
 */
export class Repeats {
  #directory = keeping(() => mkdtempSync(join(tmpdir(), 'perennial-plan-')))
  #parts = Array.from({ length: partCount }, (_, index) => new Part(join(this.#directory, String(index))))

  add({ type, content, occurredAt, ...facts }: Contribution, line: number): void {
    const record = Buffer.alloc(recordBytes)
    digest([type, content.type, content.id]).copy(record, 0, 0, identityBytes)
    digest([facts.userId, occurredAt, facts.parent, facts.locale, facts.product, facts.self]).copy(
      record,
      identityBytes,
      0,
      factsBytes,
    )
    record.writeUIntBE(line, 24, 6)
    record.writeUInt8(contributionTypes.indexOf(type), 30)
    record.writeUInt8(new Date(occurredAt).getUTCFullYear() - firstYear, 31)
    this.#parts[record.readUInt8(0)]?.add(record)
  }

  /** Every repeat: by part, and within a part in the order of the file. */
  *find(): Generator<Repeat> {
    for (const part of this.#parts) {
      const records = part.records()
      const firsts = new Map<string, string>()
      for (let start = 0; start < records.length; start += recordBytes) {
        const record = records.subarray(start, start + recordBytes)
        const identity = record.toString('latin1', 0, identityBytes)
        const facts = record.toString('latin1', identityBytes, identityBytes + factsBytes)
        const first = firsts.get(identity)
        if (first === undefined) firsts.set(identity, facts)
        else yield { ...describe(record), same: first === facts }
      }
    }
  }

  /** Removes what is on disk. */
  close(): void {
    for (const part of this.#parts) part.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

const describe = (record: Buffer): Omit<Repeat, 'same'> => ({
  line: record.readUIntBE(24, 6),
  type: contributionTypes[record.readUInt8(30)] ?? 'question',
  year: firstYear + record.readUInt8(31),
})
