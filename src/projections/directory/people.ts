import type { Change } from '../../contributions/countedUsers.ts'
import { foldedWords, foldName, type Profile } from '../../contributions/user.ts'
import type { ChangedUser } from '../../log/queries/tally.ts'

/*
 * The tables of the UserDirectory. The table `people` has a row for everyone with contributions or a name. Its column
 * `words` is NULL for people that no search may find, because boards do not show them or they have no name. The table
 * `words` has the folded words of all others.
 */

/** The maximum number of people that a search returns. */
const foundMax = 20

/** How much one search reads. */
export interface SearchBounds {
  /** If at most this many words match, a search reads all of them. */
  words: number
  /** Otherwise it first reads this many people, those with the most contributions. */
  people: number
}

const defaultBounds: SearchBounds = { words: 5000, people: 10_000 }

/** Separates words. Names have no control characters. */
const separator = '\n'

interface PersonRow extends Record<string, SqlStorageValue> {
  id: number
  username: string | null
  words: string
  profile: string
}

const profileFrom = ({ id, profile }: Pick<PersonRow, 'id' | 'profile'>): Profile =>
  Object.assign({ id }, JSON.parse(profile) as Omit<Profile, 'id'>)

/** Whether a person's username, or a word of their display name, starts with a folded prefix. */
const matches = ({ username, words }: PersonRow, prefix: string): boolean =>
  (username?.startsWith(prefix) ?? false) ||
  (words !== '' && words.split(separator).some((word) => word.startsWith(prefix)))

// The byte FF sorts after every continuation of the prefix.
const inRange = `word >= ?1 AND word < ?1 || CAST(x'ff' AS TEXT)`

/** People by name and by lifetime total, in an object's SQLite storage. */
export class People {
  #sql: SqlStorage
  #bounds: SearchBounds

  constructor(sql: SqlStorage, bounds: SearchBounds = defaultBounds) {
    this.#sql = sql
    this.#bounds = bounds
  }

  createTables(): void {
    this.#sql.exec(`CREATE TABLE people (
      id INTEGER PRIMARY KEY, total INTEGER NOT NULL DEFAULT 0, username TEXT, words TEXT, profile TEXT
    ) STRICT`)
    this.#sql.exec('CREATE INDEX people_by_total ON people (total DESC, id) WHERE words IS NOT NULL')
    this.#sql.exec(`CREATE TABLE words (
      word TEXT NOT NULL, of_display_name INTEGER NOT NULL, user_id INTEGER NOT NULL,
      PRIMARY KEY (word, of_display_name, user_id)
    ) STRICT, WITHOUT ROWID`)
  }

  dropTables(): void {
    this.#sql.exec('DROP TABLE IF EXISTS people')
    this.#sql.exec('DROP TABLE IF EXISTS words')
  }

  /** Adds new events to the totals. Writes 2 rows for each user. */
  addTotals(changes: readonly Change[]): void {
    const totals = changes.filter(({ delta }) => delta !== 0).map(({ userId, delta }) => [userId, delta])
    if (totals.length === 0) return
    this.#sql.exec(
      `INSERT INTO people (id, total) SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
       ON CONFLICT (id) DO UPDATE SET total = total + excluded.total`,
      JSON.stringify(totals),
    )
  }

  /** Replaces a user's names and visibility. Writes rows only for what has changed. */
  learn({ profile: { id, ...names }, excluded }: ChangedUser): void {
    const { username, display_name: displayName } = names
    const isFound = !excluded && (username !== null || displayName !== null)
    const folded = isFound && username !== null ? foldName(username) : null
    const words = isFound ? foldedWords(displayName ?? '') : undefined
    const known = this.#sql
      .exec<{ username: string | null; words: string | null; profile: string | null }>(
        'SELECT username, words, profile FROM people WHERE id = ?',
        id,
      )
      .toArray()[0]
    const text = words?.join(separator) ?? null
    const profile = isFound ? JSON.stringify(names) : null
    if (known?.profile === profile || (known === undefined && profile === null)) return
    this.#replaceWords(id, known?.words?.split(separator) ?? [], words ?? [], 1)
    this.#replaceWords(
      id,
      known?.username == null ? [] : [known.username],
      folded === null ? [] : [folded],
      0,
    )
    this.#sql.exec(
      `INSERT INTO people (id, username, words, profile) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, words = excluded.words, profile = excluded.profile`,
      id,
      folded,
      text,
      profile,
    )
  }

  /**
   * Finds people by a folded prefix of a name: exact usernames first, then by total, then by ID. Reads at most what the
   * bounds allow, except when many names match but few of them belong to the people with the most contributions. Then
   * it must compare all matches.
   */
  search(prefix: string): Profile[] {
    if (prefix === '') return [] // The search has only combining marks, which are ignored.
    const exact = this.#sql
      .exec<PersonRow>(
        `SELECT people.* FROM words CROSS JOIN people ON people.id = words.user_id
         WHERE word = ? AND of_display_name = 0 ORDER BY total DESC, people.id LIMIT ${foundMax}`,
        prefix,
      )
      .toArray()
    const others =
      (this.#hasManyWords(prefix) ? this.#findByTotal(prefix) : undefined) ?? this.#findAll(prefix)
    return [...exact, ...others].slice(0, foundMax).map(profileFrom)
  }

  #replaceWords(id: number, before: readonly string[], after: readonly string[], ofDisplayName: 0 | 1): void {
    for (const word of before) {
      if (!after.includes(word))
        this.#sql.exec(
          'DELETE FROM words WHERE word = ? AND of_display_name = ? AND user_id = ?',
          word,
          ofDisplayName,
          id,
        )
    }
    for (const word of after) {
      if (!before.includes(word))
        this.#sql.exec('INSERT INTO words VALUES (?, ?, ?)', word, ofDisplayName, id)
    }
  }

  #hasManyWords(prefix: string): boolean {
    const found = this.#sql.exec(
      `SELECT 1 FROM words WHERE ${inRange} LIMIT 1 OFFSET ?2`,
      prefix,
      this.#bounds.words,
    )
    return found.toArray().length > 0
  }

  /** Searches the people with the most contributions. Returns undefined if they do not fill the result. */
  #findByTotal(prefix: string): PersonRow[] | undefined {
    const found: PersonRow[] = []
    let left = this.#bounds.people
    const people = this.#sql.exec<PersonRow>(
      'SELECT * FROM people INDEXED BY people_by_total WHERE words IS NOT NULL ORDER BY total DESC, id',
    )
    for (const person of people) {
      if (left === 0) return undefined
      left -= 1
      if (person.username !== prefix && matches(person, prefix)) found.push(person)
      if (found.length === foundMax) break
    }
    return found
  }

  #findAll(prefix: string): PersonRow[] {
    return this.#sql
      .exec<PersonRow>(
        `SELECT people.* FROM (SELECT DISTINCT user_id FROM words WHERE ${inRange}) AS found
         CROSS JOIN people ON people.id = found.user_id
         WHERE username IS NOT ?1 ORDER BY total DESC, id LIMIT ${foundMax}`,
        prefix,
      )
      .toArray()
  }
}
