import { hash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { Contribution } from '../../contributions/contribution.ts'
import { cannotWriteTemporary } from '../lines/files.ts'

/** A contribution with the identity of one on an earlier line. */
export interface Repeat {
  line: number
  type: ContributionType
  year: number
  /** Whether its facts equal those of the earlier line. */
  same: boolean
}

const recordBytes = 32
const identityBytes = 16
const factsBytes = 8
/** Identities are divided by the first byte of their digests. */
const partCount = 256
const partBufferBytes = recordBytes * 1024
const firstYear = 2000

/** Does work on temporary files. Throws a CommandFailure when they cannot be written. */
const withTemporaryFiles = <Result>(work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw cannotWriteTemporary(tmpdir(), error)
  }
}

const digest = (value: unknown): Buffer => hash('md5', JSON.stringify(value), 'buffer')

/** The records of one part of the identities. Those that do not fit in the buffer go to a file. */
class Part {
  #buffer = Buffer.alloc(partBufferBytes)
  #pending = 0
  #file: number | undefined
  #path: string

  constructor(path: string) {
    this.#path = path
  }

  add(record: Buffer): void {
    if (this.#pending === partBufferBytes) {
      withTemporaryFiles(() => {
        this.#file ??= openSync(this.#path, 'w', 0o600)
        for (let done = 0; done < partBufferBytes;) done += writeSync(this.#file, this.#buffer, done)
      })
      this.#pending = 0
    }
    record.copy(this.#buffer, this.#pending)
    this.#pending += recordBytes
  }

  /** Every record, in the order in which it was added. */
  records(): Buffer {
    const pending = this.#buffer.subarray(0, this.#pending)
    return this.#file === undefined ? pending : Buffer.concat([readFileSync(this.#path), pending])
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}

/**
 * Finds the contributions that a file repeats, by 128-bit digests of their identities. Memory does not grow with the
 * file: each contribution takes 32 bytes in one of 256 temporary files, which are searched one at a time.
 */
export class Repeats {
  #directory = withTemporaryFiles(() => mkdtempSync(join(tmpdir(), 'perennial-plan-')))
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

  /** Every repeat. The order is that of the file only within a part. */
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

  /** Removes the temporary files. */
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
