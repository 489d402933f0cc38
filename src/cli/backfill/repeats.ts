import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contribution } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import { factColumns, identityColumns, toRow } from '../../log/contributions.ts'
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

const columns = ['line', ...identityColumns, ...factColumns]

const createTable = `PRAGMA journal_mode = OFF; CREATE TABLE seen (${columns.join(', ')}); BEGIN`

const insert = `INSERT INTO seen VALUES (${columns.map(() => '?').join(', ')})`

const factsOf = (table: string): string => factColumns.map((column) => `${table}.${column}`).join(', ')

/** Selects all but the first contribution of each identity, in file order. SQLite sorts in a file. */
const selectRepeats = `
  WITH repeated AS (
    SELECT ${identityColumns.join(', ')}, min(rowid) AS first FROM seen GROUP BY 1, 2, 3 HAVING count(*) > 1
  )
  SELECT seen.*, first.line AS first_line, (${factsOf('seen')}) IS (${factsOf('first')}) AS same
  FROM seen CROSS JOIN repeated USING (${identityColumns.join(', ')})
  CROSS JOIN seen AS first ON first.rowid = repeated.first
  WHERE seen.rowid > repeated.first`

interface Row {
  type: ContributionType
  content_type: string
  content_id: string
  occurred_at: Instant
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
  #insert = withTemporaryFiles(() => {
    this.#database.exec(createTable)
    return this.#database.prepare(insert)
  })

  add(contribution: Contribution, line: number): void {
    withTemporaryFiles(() => this.#insert.run(line, ...toRow(contribution)))
  }

  /** All repeats, in file order. */
  *find(): Generator<Repeat> {
    const rows = this.#database.prepare(selectRepeats).iterate()
    for (;;) {
      const { done, value } = withTemporaryFiles(() => rows.next())
      if (done) return
      const row = value as unknown as Row
      yield {
        contribution: {
          type: row.type,
          content: { type: row.content_type, id: row.content_id },
          occurredAt: row.occurred_at,
        },
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
