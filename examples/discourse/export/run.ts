import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

/*
 * Prints Discourse's past as NDJSON for `npm run backfill`. It reads through the Data Explorer, which gives at most 10,000 rows
 * at a time: npx node examples/discourse/export/run.ts topic post like solution > discourse.ndjson
 */

const help = `Usage: npx node examples/discourse/export/run.ts QUERY… [--until TIME] [--since TIME] [--count-staff]

QUERY is the name of a file beside this one, without .sql. Needs DISCOURSE_URL and DISCOURSE_API_KEY, a key of an admin for all users.`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    until: { type: 'string', default: '2100-01-01T00:00:00Z' },
    since: { type: 'string', default: '2000-01-01T00:00:00Z' },
    'count-staff': { type: 'boolean', default: false },
  },
})

const { DISCOURSE_URL: url = '', DISCOURSE_API_KEY: key = '' } = process.env
if (values.help === true || positionals.length === 0 || url === '' || key === '') {
  console.error(help)
  process.exit(values.help === true ? 0 : 2)
}

/** The most rows that Data Explorer gives. */
const rowsMax = 10_000

/** The parameters of the queries besides `after`; each query gets those that it names. */
const settings: Readonly<Record<string, string>> = {
  rows: String(rowsMax),
  since: new Date(values.since).toISOString(),
  until: new Date(values.until).toISOString(),
  count_staff: String(values['count-staff']),
}

/** The number of attempts after a 429: Data Explorer allows a key only a few requests in 10 s. */
const attemptsMax = 20

const call = async (method: string, path: string, body?: URLSearchParams): Promise<unknown> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url.replace(/\/+$/, '')}/admin/plugins/explorer/queries${path}`, {
      method,
      headers: {
        'api-key': key,
        'api-username': 'system',
        accept: 'application/json',
        'x-requested-with': 'XMLHttpRequest',
      },
      body: body ?? null,
      redirect: 'error',
    })
    if (response.ok) return response.json()
    const text = (await response.text()).slice(0, 500)
    if (response.status !== 429 || attempt === attemptsMax)
      throw new Error(`${method} ${path}: Discourse answered ${response.status}: ${text}`)
    const seconds = Number(response.headers.get('retry-after') ?? 5)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }
}

/** Prints every line of a query, page by page. */
const printAll = async (id: number, parameters: Record<string, string>): Promise<void> => {
  for (let after = '0'; ;) {
    const params = JSON.stringify({ ...parameters, after })
    const result = await call(
      'POST',
      `/${id}/run`,
      new URLSearchParams({ params, limit: settings['rows'] ?? '' }),
    )
    const { rows } = result as { rows: [id: number | string, line: string][] }
    for (const [, line] of rows) process.stdout.write(`${line}\n`)
    const last = rows.at(-1)
    if (last === undefined) return
    after = String(last[0])
  }
}

/** Creates a query from a file, prints its results, and deletes it. */
const exportQuery = async (name: string): Promise<void> => {
  const sql = await readFile(new URL(`${name}.sql`, import.meta.url), 'utf8')
  const parameters = Object.fromEntries(
    Object.entries(settings).filter(([parameter]) => sql.includes(`:${parameter} = `)),
  )
  const form = new URLSearchParams({ 'query[name]': `Perennial: ${name}`, 'query[sql]': sql })
  const { query } = (await call('POST', '', form)) as { query: { id: number } }
  try {
    await printAll(query.id, parameters)
  } finally {
    await call('DELETE', `/${query.id}`)
  }
}

try {
  for (const name of positionals) await exportQuery(name)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
