import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contribution } from '../../contributions/contribution.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import { openTemporaryDatabase, withTemporaryFiles } from '../lines/temporaryDatabase.ts'

/** A contribution with the same identity as one on an earlier line. */
export interface Repeat {
  line: number
  type: ContributionType
  year: number
  /** Whether its facts equal those of the earlier line. */
  same: boolean
}

/** A digest as text: a buffer for each would take three times as long. */
const digest = (value: unknown): string => hash('md5', JSON.stringify(value), 'base64')

const createTable = `PRAGMA journal_mode = OFF;
  CREATE TABLE seen (identity TEXT, facts TEXT, line INTEGER, type TEXT, year INTEGER); BEGIN`

/** Selects all but the first contribution of each identity. SQLite sorts in a file, first the identities alone. */
const selectRepeats = `SELECT line, type, year, facts = first AS same
  FROM (SELECT *, first_value(facts) OVER same AS first, row_number() OVER same AS number
    FROM seen WHERE identity IN (SELECT identity FROM seen GROUP BY identity HAVING count(*) > 1)
    WINDOW same AS (PARTITION BY identity ORDER BY rowid))
  WHERE number > 1`

/**
 * Finds repeated contributions in a file, by 128-bit digests of their identities. Memory does not grow with the file,
 * because the digests are in a temporary database.
 */
export class Repeats {
  #directory = withTemporaryFiles(() => mkdtempSync(join(tmpdir(), 'perennial-plan-')))
  #database = openTemporaryDatabase(join(this.#directory, 'seen'))
  #insert = withTemporaryFiles(() => {
    this.#database.exec(createTable)
    return this.#database.prepare('INSERT INTO seen VALUES (?, ?, ?, ?, ?)')
  })

  add({ type, content, occurredAt, ...facts }: Contribution, line: number): void {
    const identity = digest([type, content.type, content.id])
    const factsDigest = digest([
      facts.userId,
      occurredAt,
      facts.parent,
      facts.locale,
      facts.product,
      facts.self,
    ])
    const year = new Date(occurredAt).getUTCFullYear()
    withTemporaryFiles(() => this.#insert.run(identity, factsDigest, line, type, year))
  }

  /** All repeats. Those of the same contribution are in file order. */
  *find(): Generator<Repeat> {
    const rows = this.#database.prepare(selectRepeats).iterate()
    for (;;) {
      const { done, value } = withTemporaryFiles(() => rows.next())
      if (done) return
      const { line, type, year, same } = value as unknown as Omit<Repeat, 'same'> & { same: 0 | 1 }
      yield { line, type, year, same: same === 1 }
    }
  }

  /** Removes the temporary files. */
  close(): void {
    this.#database.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
