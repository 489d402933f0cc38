import type { Entries, EntryColumns, EntryKind, LeftOut } from '../../contributions/community/entries.ts'
import { responseTypes } from '../../definitions/definitions.ts'
import { runBatch } from '../../log/database.ts'
import { readEntries, readGroup, readSystemUsers } from '../../log/queries/entries.ts'

/** Entries read by one statement. */
const pageEntries = 30_000

/** Numbers things from 0 on, in the order in which they are first seen. */
class Numbers<Thing> {
  #numbers = new Map<Thing, number>()

  get size(): number {
    return this.#numbers.size
  }

  of(thing: Thing): number {
    const number = this.#numbers.get(thing) ?? this.#numbers.size
    this.#numbers.set(thing, number)
    return number
  }

  find(thing: Thing): number | undefined {
    return this.#numbers.get(thing)
  }
}

/** The log up to a position, and people by number. */
export interface ScannedEntries {
  entries: Entries
  /** Everybody who does not count: system accounts, and those outside a group if one is given. */
  leftOut: (group: string | undefined) => Promise<LeftOut>
}

/** Reads the whole log up to a position into columns. Throws LogUnavailable. */
export const scanEntries = async (db: D1Database, position: number): Promise<ScannedEntries> => {
  const [people, threads, kindNumbers] = [new Numbers<number>(), new Numbers<string>(), new Numbers<string>()]
  const kinds: EntryKind[] = []
  const rows: { kind: number; person: number; instant: number; thread: number }[] = []
  for (let after = 0; after < position; after += pageEntries) {
    const upTo = Math.min(position, after + pageEntries)
    const [found] = await runBatch(db, readEntries(db, { after, upTo }, responseTypes))
    for (const { kind, userId, occurredAt, thread } of found) {
      const number = kindNumbers.of(JSON.stringify(kind))
      kinds[number] = kind
      rows.push({
        kind: number,
        person: people.of(userId),
        instant: occurredAt,
        thread: thread === null ? 0 : threads.of(thread) + 1,
      })
    }
    await scheduler.wait(0)
  }
  const [systemUsers] = await runBatch(db, readSystemUsers(db))
  const columnsOf = (chosen: typeof rows): EntryColumns => ({
    kinds: Uint32Array.from(chosen, ({ kind }) => kind),
    people: Uint32Array.from(chosen, ({ person }) => person),
    instants: Float64Array.from(chosen, ({ instant }) => instant),
    threads: Uint32Array.from(chosen, ({ thread }) => thread),
  })
  return {
    entries: {
      kinds,
      people: people.size,
      threads: threads.size,
      read: (types) => [columnsOf(rows.filter(({ kind }) => types.includes(kinds[kind]?.type ?? '')))],
    },
    leftOut: async (group) => {
      const leftOut = new Uint8Array(people.size).fill(group === undefined ? 0 : 1)
      const set = (ids: readonly number[], value: 0 | 1): void => {
        for (const id of ids) {
          const person = people.find(id)
          if (person !== undefined) leftOut[person] = value
        }
      }
      if (group !== undefined) {
        const [members] = await runBatch(db, readGroup(db, group))
        set(members, 0)
      }
      set(systemUsers, 1)
      return leftOut
    },
  }
}
