import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrate as migrateLocal } from '../../src/cli/migrate.ts'
import { projectDirectory, runWrangler } from '../../src/cli/platform/wrangler.ts'
import { scratchDirectory } from './support/processes.ts'
import { splitters, type Split } from './support/splitSql.ts'

const directory = join(projectDirectory, 'migrations')

const migrations = readdirSync(directory)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(join(directory, name), 'utf8') }))

/** The schema of the first two migrations when they landed, one statement per line. Since then, only their comments changed. */
const frozen = readFileSync(join(import.meta.dirname, 'support/firstSchema.sql'), 'utf8')

const withoutComments = (sql: string): string =>
  sql
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** The tables, indexes and triggers of a database, one statement per line. */
const schemaOf = (database: DatabaseSync): string =>
  database
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name')
    .all()
    .map(({ sql }) => `${withoutComments(String(sql))};\n`)
    .join('')

/** Runs statements one by one, as D1 does. */
const migrate = (sqls: readonly string[], split: Split): DatabaseSync => {
  const database = new DatabaseSync(':memory:')
  for (const sql of sqls) for (const statement of split(sql)) database.exec(statement)
  return database
}

const whole = migrate(
  migrations.map(({ sql }) => sql),
  (sql) => [sql],
)

describe.each(Object.entries(splitters))('%s', (_, split) => {
  it.each(migrations)('finds the complete statements of $name, with LF and with CRLF', ({ sql }) => {
    const statements = splitters['a splitter that knows comments']?.(sql).map(withoutComments)
    const terminated = (statement: string): string => `${withoutComments(statement).replace(/;$/, '')};`
    for (const text of [sql, sql.replaceAll('\n', '\r\n')])
      expect(split(text).map(terminated)).toEqual(statements)
  })

  it.each(['\n', '\r\n'])('gives the same schema as the unsplit migrations, with line ends %j', (lineEnd) => {
    const database = migrate(
      migrations.map(({ sql }) => sql.replaceAll('\n', lineEnd)),
      split,
    )
    expect(schemaOf(database)).toBe(schemaOf(whole))
  })
})

it('migrations 0001 and 0002 create the same schema as when they landed', () => {
  const database = migrate(
    migrations.slice(0, 2).map(({ sql }) => sql),
    (sql) => [sql],
  )
  expect(schemaOf(database)).toBe(frozen)
  expect(database.prepare('SELECT id, length(epoch) AS length, complete FROM log').all()).toEqual([
    { id: 1, length: 32, complete: 0 },
  ])
  expect(database.prepare('SELECT * FROM coverage ORDER BY type').all()).toEqual(
    ['answer', 'helpful_vote', 'kb_edit', 'kb_review', 'question', 'solution'].map((type) => ({
      type,
      first_webhook_at: null,
      declared_at: null,
      complete: 0,
      since: null,
    })),
  )
  expect(database.prepare('SELECT * FROM filter_values').all()).toEqual([])
})

it('the list of complete types holds those that were declared before, and follows what is declared later', () => {
  const before = migrations.findIndex(({ name }) => name.startsWith('0020'))
  const database = migrate(
    migrations.slice(0, before).map(({ sql }) => sql),
    (sql) => [sql],
  )
  const completeTypes = (): string[] => {
    const row = database.prepare('SELECT complete_types FROM log').get()
    return JSON.parse(String(row?.['complete_types'])).sort()
  }
  database.exec("UPDATE coverage SET complete = 1 WHERE type IN ('answer', 'question')")
  for (const { sql } of migrations.slice(before)) database.exec(sql)
  expect(completeTypes()).toEqual(['answer', 'question'])
  database.exec("UPDATE coverage SET complete = 0 WHERE type = 'question'")
  database.exec("UPDATE coverage SET complete = 1 WHERE type = 'solution'")
  database.exec("INSERT INTO coverage (type, complete) VALUES ('post', 1), ('topic', 0)")
  expect(completeTypes()).toEqual(['answer', 'post', 'solution'])
})

it('corrections stay when their key gets the reason spam', () => {
  const before = migrations.findIndex(({ name }) => name.startsWith('0026'))
  const database = migrate(
    migrations.slice(0, before).map(({ sql }) => sql),
    (sql) => [sql],
  )
  database.exec(`INSERT INTO corrections (content_id, content_type, type, at, retracted, reason, recorded_at) VALUES
    ('1', 'a', '', 5, 1, 'spam', 9), ('1', 'a', '', 6, 0, NULL, 9), ('1', 'a', 'answer', 5, 1, 'fraud', 9)`)
  const read = (): unknown[] => database.prepare('SELECT * FROM corrections').all()
  const rows = read()
  for (const { sql } of migrations.slice(before)) database.exec(sql)
  expect(read()).toEqual(rows.map((row, index) => ({ ...(row as object), as_spam: index === 0 ? 1 : 0 })))
})

it('npm start and backfill give a database the schema of the migrations, and wrangler finds nothing left to apply', async () => {
  const state = await scratchDirectory()
  await migrateLocal(state)
  await migrateLocal(state)
  const files = join(state, 'v3/d1/miniflare-D1DatabaseObject')
  const file = readdirSync(files).find((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite') ?? ''
  const database = new DatabaseSync(join(files, file), { readOnly: true })
  const applied = database.prepare('SELECT name FROM d1_migrations ORDER BY id').all()
  expect(applied.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name))
  const own = schemaOf(database)
    .split('\n')
    .filter((statement) => !/d1_migrations|sqlite_sequence|_cf_/.test(statement))
  expect(own.join('\n')).toBe(schemaOf(whole).replace(/^.*sqlite_sequence.*\n/gm, ''))
  database.close()
  const { code, output } = await runWrangler([
    'd1',
    'migrations',
    'list',
    'DB',
    '--local',
    '--persist-to',
    state,
  ])
  expect([code, output]).toEqual([0, expect.stringContaining('No migrations to apply')])
  await rm(state, { recursive: true })
})

it('every migration after 0002 has at most one trigger', () => {
  for (const { name, sql } of migrations.slice(2))
    expect(withoutComments(sql).match(/\bCREATE TRIGGER\b/gi)?.length ?? 0, name).toBeLessThanOrEqual(1)
})

it('git checks migrations out with LF on every machine', () => {
  const attributes = execFileSync(
    'git',
    ['check-attr', 'eol', '--', 'migrations/0001_log.sql', '.dev.vars.example'],
    {
      cwd: projectDirectory,
      encoding: 'utf8',
    },
  )
  expect(attributes).toBe('migrations/0001_log.sql: eol: lf\n.dev.vars.example: eol: lf\n')
})
