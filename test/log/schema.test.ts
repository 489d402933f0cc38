import { env } from 'cloudflare:workers'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import * as schema from '../../src/log/schema.ts'
import { aContribution, send } from '../support/site.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'

type Row = Record<string, unknown>

const rows = async (sql: string): Promise<Row[]> => (await env.DB.prepare(sql).all<Row>()).results

const tables: SQLiteTable[] = [
  schema.log,
  schema.events,
  schema.corrections,
  schema.amendments,
  schema.contents,
  schema.users,
  schema.coverage,
]

const names = tables.map((table) => `'${getTableName(table)}'`).join(', ')

const declared = (table: SQLiteTable) => {
  const keys = getTableConfig(table).primaryKeys
  const primary = new Set(keys.flatMap(({ columns }) => columns.map(({ name }) => name)))
  return Object.values(getTableColumns(table)).map((column: SQLiteColumn) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    notNull: column.notNull || primary.has(column.name),
    primary: column.primary || primary.has(column.name),
    generated: column.generated !== undefined,
  }))
}

it.each(tables.map((table) => [getTableName(table), table] as const))(
  'the drizzle table %s has the columns of the migrations',
  async (name, table) => {
    const columns = await rows(`SELECT * FROM pragma_table_xinfo('${name}')`)
    const [{ wr: withoutRowid } = {}] = await rows(`SELECT wr FROM pragma_table_list('${name}')`)
    const made = columns.map((column) => ({
      name: column['name'],
      type: column['type'],
      // INTEGER PRIMARY KEY is the rowid, which is never null; so is every primary key of a WITHOUT ROWID table.
      notNull:
        column['notnull'] === 1 ||
        (Number(column['pk']) > 0 && (withoutRowid === 1 || column['type'] === 'INTEGER')),
      primary: Number(column['pk']) > 0,
      generated: Number(column['hidden']) > 1,
    }))
    expect(made).toEqual(declared(table))
  },
)

it('the drizzle tables have the indexes of the migrations', async () => {
  const named = tables.flatMap((table) =>
    getTableConfig(table).indexes.map(({ config }) => ({
      name: config.name,
      unique: config.unique ? 1 : 0,
      columns: config.columns.map((column) => ('name' in column ? column.name : '')),
    })),
  )
  const made = await rows(
    `SELECT i.name AS name, i."unique" AS "unique", json_group_array(c.name ORDER BY c.seqno) AS columns
     FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS i JOIN pragma_index_info(i.name) AS c
     WHERE t.name IN (${names}) AND i.origin = 'c' GROUP BY i.name`,
  )
  const byName = (left: { name: unknown }, right: { name: unknown }): number =>
    String(left.name) < String(right.name) ? -1 : 1
  expect(
    made
      .map(({ name, unique, columns }) => ({ name, unique, columns: JSON.parse(String(columns)) }))
      .sort(byName),
  ).toEqual(named.sort(byName))
})

it('every table is STRICT, and positions come without AUTOINCREMENT', async () => {
  const made = await rows(
    `SELECT name, strict FROM pragma_table_list WHERE name IN (${names}, 'filter_values', 'group_members')`,
  )
  expect(made.map(({ strict }) => strict)).toEqual(Array(9).fill(1))
  await send('contribution.created', aContribution())
  // SQLite makes this table with the first AUTOINCREMENT.
  expect(await rows(`SELECT name FROM sqlite_schema WHERE name = 'sqlite_sequence'`)).toEqual([])
})

it('a new database has a coverage row for each of the six types of Kitsune, and one log row with an epoch', async () => {
  const types = (await rows('SELECT type FROM coverage ORDER BY type')).map(({ type }) => type)
  expect(types).toEqual(contributionTypes.toSorted())
  expect(await rows('SELECT id, length(epoch) AS length, complete_types FROM log')).toEqual([
    { id: 1, length: 32, complete_types: '[]' },
  ])
})
