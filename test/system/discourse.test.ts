import { once } from 'node:events'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { contributions, messages, people } from '../discourse/support/exported.ts'
import { postgresPrograms, startPostgres, type Postgres } from './support/postgres.ts'
import { run } from './support/processes.ts'

/*
 * The SQL of examples/discourse on a PostgreSQL with the tables that Discourse documents: by psql, and through a stand-in of its
 * plugin Data Explorer, which takes one statement without semicolons, binds the parameters that its comments declare, and
 * gives a limited number of rows.
 */

const folder = join(projectDirectory, 'examples/discourse/export')
const install = postgresPrograms === undefined ? ' (not run: apt-get install postgresql)' : ''

const until = '2026-11-18T00:00:00Z'

const names = globSync('*.sql', { cwd: folder }).map((file) => basename(file, '.sql'))

const sqlTypes: Record<string, string> = {
  bigint: 'bigint',
  int: 'bigint',
  datetime: 'timestamp',
  boolean: 'boolean',
}

/** The rows that Data Explorer gives for a query: as it does, with bound parameters, in a read-only transaction. */
const explore = async (
  { psql }: Postgres,
  sql: string,
  given: Record<string, string>,
  limit: number,
): Promise<unknown[]> => {
  if (sql.includes(';')) throw new Error('Data Explorer takes no semicolon')
  const declared = [...sql.matchAll(/^-- (\w+) :(\w+) = (.+)$/gm)]
  let bound = sql.replaceAll(/--.*/g, '')
  for (const [index, [, , name]] of declared.entries())
    bound = bound.replaceAll(new RegExp(`(?<!:):${name}\\b`, 'g'), `$${index + 1}`)
  for (const name of Object.keys(given))
    if (!declared.some(([, , known]) => known === name)) throw new Error(`The query has no parameter ${name}`)
  const values = declared.map(([, , name = '', initial = '']) => `'${given[name] ?? initial}'`)
  const types = declared.map(([, type = '']) => sqlTypes[type])
  const prepare = `PREPARE query(${types.join()}) AS WITH query AS (${bound}) SELECT coalesce(json_agg(json_build_array(id, line)), '[]') FROM (SELECT * FROM query LIMIT ${limit}) AS page;`
  const output = await psql([
    '-At',
    '-c',
    `BEGIN; SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 10000; ${prepare} EXECUTE query(${values.join()});`,
  ])
  return JSON.parse(output)
}

describe.skipIf(postgresPrograms === undefined)(`the export of Discourse${install}`, () => {
  let postgres: Postgres
  let dataExplorer: Server
  const queries = new Map<number, string>()
  const requests: string[] = []

  /** What Data Explorer answers to a request for making, running or deleting a query. */
  const respond = async (request: IncomingMessage): Promise<[status: number, body: object]> => {
    const { method, url = '', headers } = request
    const form = new URLSearchParams(await text(request))
    requests.push(`${method} ${url}`)
    if (headers['api-key'] !== 'the-key') return [403, { errors: ['Not allowed'] }]
    if (requests.length % 5 === 0) return [429, { errors: ['Too many requests'] }]
    const id = Number(/^\/admin\/plugins\/explorer\/queries\/(\d+)/.exec(url)?.[1])
    if (method === 'DELETE') return [200, { success: queries.delete(id) }]
    if (!url.endsWith('/run')) {
      queries.set(requests.length, form.get('query[sql]') ?? '')
      return [200, { query: { id: requests.length } }]
    }
    // Pages of two rows, so that every query takes several.
    const rows = await explore(postgres, queries.get(id) ?? '', JSON.parse(form.get('params') ?? ''), 2)
    return [200, { success: true, columns: ['id', 'line'], rows }]
  }

  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.psql(['-f', join(projectDirectory, 'test/system/support/discourse.sql')])
    dataExplorer = createServer((request, response) => {
      void respond(request).then(([status, body]) =>
        response.writeHead(status, { 'retry-after': '0' }).end(JSON.stringify(body)),
      )
    }).listen(0, '127.0.0.1')
    await once(dataExplorer, 'listening')
  })

  afterAll(async () => {
    dataExplorer.close()
    await postgres.stop()
  })

  const exportOf = async (args: string[], key = 'the-key') => {
    const address = dataExplorer.address()
    const port = typeof address === 'object' ? address?.port : undefined
    return run(process.execPath, [join(folder, 'run.ts'), ...args], {
      env: { ...process.env, DISCOURSE_URL: `http://127.0.0.1:${port}/`, DISCOURSE_API_KEY: key },
    })
  }

  const linesOf = (output: string): unknown[] =>
    output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))

  const expected = { ...contributions, ...messages }

  it('reads every query page by page through Data Explorer, waits after a 429, and deletes its queries', async () => {
    const { code, output } = await exportOf([...Object.keys(expected), '--until', until])
    expect([code, linesOf(output)]).toEqual([0, Object.values(expected).flat()])
    expect(queries.size).toBe(0)
    expect(requests.length).toBeGreaterThan(20)
  })

  it('exports the current data of people who wrote or liked something, and erases those who were made anonymous', async () => {
    const before = Date.now()
    const { code, output } = await exportOf(Object.keys(people))
    const lines = linesOf(output) as { timestamp: string }[]
    expect(code).toBe(0)
    expect(lines).toEqual(
      Object.values(people)
        .flat()
        .map((line) => ({ ...line, timestamp: expect.any(String) })),
    )
    for (const { timestamp } of lines) {
      expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before - 1)
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now())
    }
  })

  it('exports only what changed since a given time, and counts staff if the option asks for it', async () => {
    const since = ['--since', '2026-11-11T10:00:30Z']
    const corrections = await exportOf(['unlike', 'spam', 'topic_deleted', 'post_deleted', ...since])
    expect(linesOf(corrections.output)).toEqual([
      messages.unlike[1],
      messages.topic_deleted[0],
      messages.post_deleted[0],
    ])
    const staff = await exportOf(['user', '--count-staff', '--since', '2026-11-01T00:00:00Z'])
    expect(linesOf(staff.output)).toMatchObject([
      { data: { id: 1, is_system: false } },
      { data: { id: 2 } },
      { data: { id: 3 } },
      { data: { id: 4 } },
      { data: { id: 5 } },
    ])
    const changed = await exportOf(['user', '--since', '2026-11-02T12:00:00Z'])
    expect(linesOf(changed.output)).toMatchObject([{ data: { id: 4 } }, { data: { id: 5 } }])
  })

  it('exports solutions from the table of Discourse of 2025 too', async () => {
    const { output } = await exportOf(['solution_2025', '--until', until])
    expect(linesOf(output)).toEqual(contributions.solution)
  })

  it('prints the same lines by psql', async () => {
    for (const [name, lines] of Object.entries(expected)) {
      const variables = [
        'after=0',
        'rows=NULL',
        `until='${until}'`,
        "since='2000-01-01'",
        'count_staff=false',
      ]
      const output = await postgres.psql([
        '-At',
        '-F\t',
        ...variables.flatMap((variable) => ['-v', variable]),
        '-f',
        join(folder, `${name}.sql`),
      ])
      expect(linesOf(output.replaceAll(/^\d+\t/gm, '')), name).toEqual(lines)
    }
  })

  it('prints the categories that everyone can read, in the form of the relay’s setting', async () => {
    const output = await postgres.psql(['-At', '-f', join(folder, 'categories.sql')])
    expect(JSON.parse(output)).toEqual({ 4: 'general', 7: 'support', 11: '' })
  })

  it('says what failed and exits with 1, or with 2 when it is misused', async () => {
    const refused = await exportOf(['topic'], 'another-key')
    expect([refused.code, refused.output]).toEqual([
      1,
      expect.stringContaining('Discourse answered 403: {"errors":["Not allowed"]}'),
    ])
    expect(refused.output).not.toContain('another-key')
    expect(await exportOf([])).toEqual({ code: 2, output: expect.stringContaining('Usage: ') })
  })

  it('tests every query, each of which is one statement', async () => {
    expect(names.toSorted()).toEqual(
      [...Object.keys(expected), ...Object.keys(people), 'solution_2025', 'categories'].toSorted(),
    )
    for (const name of names)
      expect(await readFile(join(folder, `${name}.sql`), 'utf8'), name).not.toContain(';')
  })
})
