import type { Entries, EntryColumns, EntryKind } from '../../contributions/community/entries.ts'
import { personWeight, sumUp, type TypeSums } from './columnSums.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import { threadWeight, type LogEntry } from '../../log/queries/entries.ts'

/*
 * The tables of LogColumns. A chunk holds up to 8,192 entries of one type, in position order, with a BLOB per column.
 * New entries are added to the last chunk of their type. The tables `people`, `threads` and `kinds` map the numbers in
 * the columns to what they stand for.
 */

/** Entries per chunk. At 20 bytes each, adding to the last chunk rewrites at most 160 KB. */
const chunkEntries = 8192

/**
 * The number of names bound as one value. A thread's name takes up to 1.3 KB, and a statement of an object accepts values
 * of up to 2 MB.
 */
const boundNames = 1000

const chunksOf = <Thing>(things: readonly Thing[]): Thing[][] =>
  Array.from({ length: Math.ceil(things.length / boundNames) }, (_, index) =>
    things.slice(index * boundNames, (index + 1) * boundNames),
  )

/** How many people and threads have numbers, and how many entries each type has, with types in the order first seen. */
export interface Sizes {
  people: number
  threads: number
  entries: [type: ContributionType, entries: number][]
}

export const noSizes: Sizes = { people: 0, threads: 0, entries: [] }

type ChunkRow = Record<keyof EntryColumns, ArrayBuffer>

/** The key of a type's first chunk. A type has fewer than 2^32 chunks. */
const firstKey = (type: number): number => type * 2 ** 32

const columnsOf = (row: ChunkRow): EntryColumns => ({
  kinds: new Uint32Array(row.kinds),
  people: new Uint32Array(row.people),
  instants: new Float64Array(row.instants),
  threads: new Uint32Array(row.threads),
})

const emptyChunk: EntryColumns = columnsOf({
  kinds: new ArrayBuffer(),
  people: new ArrayBuffer(),
  instants: new ArrayBuffer(),
  threads: new ArrayBuffer(),
})

const joined = <Column extends Uint32Array | Float64Array>(
  column: new (length: number) => Column,
  before: Column,
  values: readonly number[],
): Column => {
  const both = new column(before.length + values.length)
  both.set(before)
  both.set(values, before.length)
  return both
}

/** An entry with its values replaced by numbers. */
interface NumberedEntry {
  kind: number
  person: number
  instant: number
  thread: number
}

/** Entries of the log in columns, in an object's SQLite storage. */
export class ColumnStore {
  #sql: SqlStorage
  #kinds: EntryKind[] | undefined
  #kindNumbers = new Map<string, number>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  createTables(): void {
    this.#sql.exec('CREATE TABLE people (user_id INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT')
    this.#sql.exec(
      'CREATE TABLE threads (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    )
    this.#sql.exec('CREATE TABLE kinds (number INTEGER PRIMARY KEY, kind TEXT NOT NULL) STRICT')
    this.#sql.exec(`CREATE TABLE chunks (
      key INTEGER PRIMARY KEY, reversals INTEGER NOT NULL,
      kinds BLOB NOT NULL, people BLOB NOT NULL, instants BLOB NOT NULL, threads BLOB NOT NULL
    ) STRICT`)
  }

  dropTables(): void {
    for (const table of ['people', 'threads', 'kinds', 'chunks'])
      this.#sql.exec(`DROP TABLE IF EXISTS ${table}`)
    this.#kinds = undefined
  }

  /**
   * Adds entries, given in position order. Returns the new sizes. Writes a row for each changed chunk, and one for each
   * new person, thread and kind.
   */
  add(entries: readonly LogEntry[], before: Sizes): Sizes {
    // A rolled-back transaction may have left kinds in memory that are not stored.
    this.#kinds = undefined
    const people = this.#number(
      { table: 'people', key: 'user_id', size: before.people },
      entries.map(({ userId }) => userId),
    )
    const threads = this.#number(
      { table: 'threads', key: 'name', size: before.threads },
      entries.flatMap(({ thread }) => thread ?? []),
    )
    const byType = Map.groupBy(entries, ({ kind }) => kind.type)
    const sizes = new Map(before.entries)
    for (const [type, own] of byType) {
      const size = sizes.get(type) ?? 0
      sizes.set(type, size + own.length)
      const numbered = own.map(({ kind, userId, occurredAt, thread }) => ({
        kind: this.#kindNumber(kind),
        person: people.numbers.get(userId) ?? 0,
        instant: occurredAt,
        thread: thread === null ? 0 : (threads.numbers.get(thread) ?? 0) + 1,
      }))
      this.#append(firstKey([...sizes.keys()].indexOf(type)), size, numbered)
    }
    return { people: people.size, threads: threads.size, entries: [...sizes] }
  }

  /** The stored entries, in the form that contributions/community/ reads. */
  entries(sizes: Sizes): Entries {
    const types = sizes.entries.map(([type]) => type)
    return {
      kinds: this.#knownKinds(),
      people: sizes.people,
      threads: sizes.threads,
      read: (chosen, reversedOnly = false) => this.#read(types, chosen, reversedOnly),
    }
  }

  /** The numbers of the given users. Users without entries are left out. */
  numbersOf(userIds: readonly number[]): number[] {
    return [...this.#numbersIn('people', 'user_id', userIds).values()]
  }

  /** Counts and checksums of the entries by type, for an audit. */
  sums(sizes: Sizes): TypeSums[] {
    const weights = { people: new Uint32Array(sizes.people), threads: new Uint32Array(sizes.threads) }
    for (const [userId, number] of this.#sql.exec('SELECT user_id, number FROM people').raw())
      weights.people[Number(number)] = personWeight(Number(userId))
    for (const [weight, number] of this.#sql
      .exec(`SELECT ${threadWeight('name')}, number FROM threads`)
      .raw())
      weights.threads[Number(number)] = Number(weight)
    const entries = this.entries(sizes)
    return sizes.entries.map(([type]) => sumUp(type, entries.read([type]), entries.kinds, weights))
  }

  *#read(
    types: readonly ContributionType[],
    chosen: readonly ContributionType[],
    reversedOnly: boolean,
  ): Generator<EntryColumns> {
    for (const type of chosen) {
      const number = types.indexOf(type)
      if (number === -1) continue
      const rows = this.#sql.exec<ChunkRow>(
        `SELECT kinds, people, instants, threads FROM chunks WHERE key >= ? AND key < ? AND reversals >= ? ORDER BY key`,
        firstKey(number),
        firstKey(number + 1),
        Number(reversedOnly),
      )
      for (const row of rows) yield columnsOf(row)
    }
  }

  #append(first: number, size: number, added: readonly NumberedEntry[]): void {
    let chunk = Math.floor(size / chunkEntries)
    let taken = size % chunkEntries
    for (let from = 0; from < added.length; chunk += 1) {
      const some = added.slice(from, from + chunkEntries - taken)
      this.#write(first + chunk, taken === 0 ? undefined : this.#chunk(first + chunk), some)
      from += some.length
      taken = 0
    }
  }

  #chunk(key: number): EntryColumns {
    return columnsOf(
      this.#sql
        .exec<ChunkRow>('SELECT kinds, people, instants, threads FROM chunks WHERE key = ?', key)
        .one(),
    )
  }

  #write(key: number, before: EntryColumns = emptyChunk, added: readonly NumberedEntry[]): void {
    const kinds = joined(
      Uint32Array,
      before.kinds,
      added.map(({ kind }) => kind),
    )
    const known = this.#knownKinds()
    this.#sql.exec(
      'INSERT OR REPLACE INTO chunks (key, reversals, kinds, people, instants, threads) VALUES (?, ?, ?, ?, ?, ?)',
      key,
      kinds.reduce((sum, kind) => sum + Number(known[kind]?.delta === -1), 0),
      kinds.buffer,
      joined(
        Uint32Array,
        before.people,
        added.map(({ person }) => person),
      ).buffer,
      joined(
        Float64Array,
        before.instants,
        added.map(({ instant }) => instant),
      ).buffer,
      joined(
        Uint32Array,
        before.threads,
        added.map(({ thread }) => thread),
      ).buffer,
    )
  }

  /**
   * Assigns a number to each of `things` that has none yet. Returns the numbers of all of them, and the new size of the
   * table.
   */
  #number<Thing extends string | number>(
    { table, key, size }: { table: 'people' | 'threads'; key: 'user_id' | 'name'; size: number },
    things: readonly Thing[],
  ): { numbers: Map<Thing, number>; size: number } {
    const distinct = [...new Set(things)]
    const numbers = this.#numbersIn(table, key, distinct)
    const added = distinct
      .filter((thing) => !numbers.has(thing))
      .map((thing, index): [Thing, number] => [thing, size + index])
    for (const [thing, number] of added) numbers.set(thing, number)
    for (const some of chunksOf(added))
      this.#sql.exec(
        `INSERT INTO ${table} (${key}, number) SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
        JSON.stringify(some),
      )
    return { numbers, size: size + added.length }
  }

  #numbersIn<Thing extends string | number>(
    table: 'people' | 'threads',
    key: 'user_id' | 'name',
    things: readonly Thing[],
  ): Map<Thing, number> {
    const found = new Map<Thing, number>()
    for (const some of chunksOf(things)) {
      const rows = this.#sql.exec(
        `SELECT ${key}, number FROM json_each(?) AS wanted CROSS JOIN ${table} ON ${key} = wanted.value`,
        JSON.stringify(some),
      )
      for (const [thing, number] of rows.raw()) found.set(thing as Thing, Number(number))
    }
    return found
  }

  #knownKinds(): EntryKind[] {
    if (this.#kinds === undefined) {
      const rows = this.#sql.exec<{ kind: string }>('SELECT kind FROM kinds ORDER BY number').toArray()
      this.#kinds = rows.map(({ kind }) => JSON.parse(kind) as EntryKind)
      this.#kindNumbers = new Map(rows.map(({ kind }, number) => [kind, number]))
    }
    return this.#kinds
  }

  #kindNumber(kind: EntryKind): number {
    const kinds = this.#knownKinds()
    const text = JSON.stringify(kind)
    const known = this.#kindNumbers.get(text)
    if (known !== undefined) return known
    this.#sql.exec('INSERT INTO kinds (number, kind) VALUES (?, ?)', kinds.length, text)
    this.#kindNumbers.set(text, kinds.length)
    return kinds.push(kind) - 1
  }
}
