import { env } from 'cloudflare:workers'

type Row = Record<string, unknown>

/** In an order in which triggers let them be filled: the log's own row last. */
const tables = ['events', 'corrections', 'users', 'coverage', 'filter_values', 'log']

const rowsOf = async (name: string): Promise<Row[]> =>
  (await env.DB.prepare(`SELECT * FROM ${name}`).all<Row>()).results

const insert = (name: string, row: Row): D1PreparedStatement => {
  const columns = Object.keys(row).filter((column) => column !== 'delta') // generated
  const values = columns.map((column) => row[column])
  const places = columns.map(() => '?').join(', ')
  return env.DB.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places})`).bind(...values)
}

/**
 * Imitates D1's Time Travel: copies the whole database; the returned function restores the copy in one transaction while
 * the Worker runs. The log's epoch is restored too, as in production.
 */
export const takeBookmark = async (): Promise<() => Promise<void>> => {
  const remembered = await Promise.all(tables.map(async (name) => ({ name, rows: await rowsOf(name) })))
  const { results: triggers } = await env.DB.prepare(
    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`,
  ).all<{ name: string; sql: string }>()
  return async () => {
    await env.DB.batch([
      ...triggers.map(({ name }) => env.DB.prepare(`DROP TRIGGER ${name}`)),
      ...remembered.flatMap(({ name, rows }) => [
        env.DB.prepare(`DELETE FROM ${name}`),
        ...rows.map((row) => insert(name, row)),
      ]),
      ...triggers.map(({ sql }) => env.DB.prepare(sql)),
    ])
  }
}

/** Runs what the operator should run after a restore (docs/moving-over.md). */
export const renewEpoch = async (): Promise<void> => {
  await env.DB.prepare('UPDATE log SET epoch = lower(hex(randomblob(16)))').run()
}
