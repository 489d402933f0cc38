import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import type { Contribution } from '../../contributions/contribution.ts'
import { toRow } from '../../log/contributions.ts'
import { openTemporaryDatabase, withTemporaryFiles } from '../lines/temporaryDatabase.ts'

/** A contribution with the same identity as one on an earlier line. */
export interface Repeat {
  contribution: Pick<Contribution, 'type' | 'content' | 'occurredAt'>
  line: number
  /** The line of the first contribution with this identity. */
  firstLine: number
  /** Whether its facts equal those of the first one. */
  same: boolean
}

const createTable = 'PRAGMA journal_mode = OFF; CREATE TABLE seen (identity, facts, line); BEGIN'

/** Rows are inserted in groups of this size: one by one, they take twice as long. */
const groupRows = 50

const insertRows = (count: number): string =>
  `INSERT INTO seen VALUES ${Array.from({ length: count }, () => '(?, ?, ?)').join(', ')}`

/** Selects all but the first contribution of each identity, in file order. SQLite sorts in a file. */
const selectRepeats = `
  WITH repeated AS (SELECT identity, min(rowid) AS first FROM seen GROUP BY identity HAVING count(*) > 1)
  SELECT seen.facts, seen.line, first.line AS first_line, seen.facts = first.facts AS same
  FROM seen CROSS JOIN repeated USING (identity) CROSS JOIN seen AS first ON first.rowid = repeated.first
  WHERE seen.rowid > repeated.first`

interface Row {
  /** The contribution as JSON, in the form that `toRow` returns. */
  facts: string
  line: number
  first_line: number
  same: 0 | 1
}

/**
 * Finds repeated contributions in a file. Memory does not grow with the file, because the contributions are in a
 * temporary database.
 */
export class Repeats {
  #directory = withTemporaryFiles(() => mkdtempSync(join(tmpdir(), 'perennial-plan-')))
  #database = openTemporaryDatabase(join(this.#directory, 'seen'))
  #insertGroup = withTemporaryFiles(() => {
    this.#database.exec(createTable)
    return this.#database.prepare(insertRows(groupRows))
  })
  #group: [identity: string, facts: string, line: number][] = []

  add(contribution: Contribution, line: number): void {
    const { type, content } = contribution
    this.#group.push([`${type} ${content.type} ${content.id}`, JSON.stringify(toRow(contribution)), line])
    if (this.#group.length === groupRows) this.#insert(this.#insertGroup)
  }

  #insert(statement: StatementSync): void {
    withTemporaryFiles(() => statement.run(...this.#group.splice(0).flat()))
  }

  /** All repeats, in file order. */
  *find(): Generator<Repeat> {
    if (this.#group.length > 0) this.#insert(this.#database.prepare(insertRows(this.#group.length)))
    const rows = this.#database.prepare(selectRepeats).iterate()
    for (;;) {
      const { done, value } = withTemporaryFiles(() => rows.next())
      if (done) return
      const row = value as unknown as Row
      const [type, contentType, id, , occurredAt] = JSON.parse(row.facts) as ReturnType<typeof toRow>
      yield {
        contribution: { type, content: { type: contentType, id }, occurredAt },
        line: row.line,
        firstLine: row.first_line,
        same: row.same === 1,
      }
    }
  }

  /** Removes the temporary files. */
  close(): void {
    this.#database.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
