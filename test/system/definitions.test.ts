import { readFileSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import kitsune from '../../definitions.json' with { type: 'json' }
import forum from '../../examples/forum/definitions.json' with { type: 'json' }
import { faultsOf, operationsOf } from '../support/document.ts'
import type { Json } from '../support/site.ts'
import { cloneProject, startClone } from './support/clone.ts'
import { writeLines } from './support/commands.ts'
import { freePort, killGroup, run } from './support/processes.ts'
import { read } from './support/site.ts'

/*
 * A fresh clone with the definitions of the example forum: the build, the Worker and every command follow them.
 */

let clone: string
const groups: number[] = []

beforeAll(async () => {
  clone = await cloneProject()
  await cp(join(clone, 'examples/forum/public'), join(clone, 'public'), { recursive: true })
})

afterEach(async () => {
  for (const group of groups.splice(0)) await killGroup(group)
  await writeDefinitions(forum)
})

afterAll(async () => {
  await rm(clone, { recursive: true })
})

const writeDefinitions = async (definitions: unknown): Promise<void> => {
  await writeFile(join(clone, 'definitions.json'), JSON.stringify(definitions))
}

const types = forum.types.map(({ type }) => type)

/** Runs a script of package.json in the clone. */
const npmRun = async (script: string, ...args: string[]) =>
  await run('npm', ['run', '--silent', script, '--', ...args], { cwd: clone })

const textOf = async (url: string): Promise<string> => {
  const response = await fetch(url, { headers: { accept: 'text/html' } })
  expect(response.status, url).toBe(200)
  return await response.text()
}

/** Two posts by one user, a topic by another, and a type of another site. */
const post = (id: string, more: object = {}) => ({
  type: 'post',
  user: { id: 1, username: 'ana' },
  occurred_at: '2026-01-01T00:00:00Z',
  content: { type: 'forum.post', id },
  parent: { type: 'forum.topic', id: 't1' },
  ...more,
})
const lines = [
  post('p1'),
  post('p2'),
  { ...post('t1'), type: 'topic', user: { id: 2 }, content: { type: 'forum.topic', id: 't1' } },
]

it('a clone with the definitions of a forum backfills, serves, documents, reconciles and demonstrates a forum', async () => {
  await writeDefinitions(forum)
  const port = await freePort()
  const { url, pid } = await startClone(clone, port)
  groups.push(pid)
  const { as_of: _, position: __, version, ...defined } = await read(url, '/v1/definitions')
  const { translations: ___, ...counted } = forum
  const { name, default_locale } = forum.site
  expect(defined).toEqual({ ...counted, site: { name, default_locale } })
  expect(version).toMatch(/^[0-9a-f]{64}$/)

  const refused = writeLines(join(clone, 'refused.ndjson'), [...lines, post('a1', { type: 'answer' })])
  const first = await npmRun('backfill', refused)
  expect(first.code, first.output).toBe(1)
  expect(first.output).toContain(`Cannot use "answer": use one of ${types.join(', ')}`)
  const orphan = writeLines(join(clone, 'orphan.ndjson'), [post('p3', { parent: null })])
  expect((await npmRun('backfill', orphan)).output).toContain('each post needs a parent')
  const unknown = await npmRun('backfill', refused, '--complete', 'answer')
  expect([unknown.code, unknown.output]).toEqual([2, expect.stringContaining(types.join(', '))])
  const accepted = writeLines(join(clone, 'accepted.ndjson'), lines)
  const second = await npmRun('backfill', accepted, '--complete', types.join())
  expect(second.code, second.output).toBe(0)

  const user = await read(url, '/v1/users/1?at_least=3')
  expect([user.complete, user.lifetime.post, user.documents]).toEqual([true, 2, 1])
  expect((await read(url, '/v1/leaderboards/posters?window=all')).entries).toMatchObject([
    { rank: 1, user: { id: 1 }, count: 2 },
  ])
  expect((await read(url, '/v1/metrics/active_members?window=all')).value).toBe(1)
  const counts = writeLines(join(clone, 'counts.ndjson'), [
    { user_id: 1, type: 'post', count: 2 },
    { user_id: 2, type: 'topic', count: 1 },
  ])
  const reconciled = await npmRun('reconcile', counts)
  expect([reconciled.code, reconciled.output]).toEqual([0, expect.stringContaining('No drift')])

  await checkDocument(url)
  await checkPages(url)
  const demo = await npmRun('demo', '--url', url, '--env-file', '.dev.vars.example')
  expect(demo.code, demo.output).toBe(0)
  expect(demo.output).toContain(': all equal')
  expect((await read(url, '/v1/status')).contributions).toBeGreaterThan(30_000)
  const { entries } = await read(url, '/v1/leaderboards/moderators?window=all')
  expect(entries.length).toBe(20)
  for (const board of [kitsune.leaderboards[0]?.board, 'nothing'])
    expect((await fetch(`${url}/v1/leaderboards/${board}`)).status).toBe(404)
})

/** The API document names the defined types, boards and metrics, and its examples match its schemas. */
const checkDocument = async (url: string): Promise<void> => {
  const document = await read(url, '/openapi.json')
  const { ContributionType, Board, Metric, Counts, ContributionGiven } = document.components.schemas
  expect(ContributionType.enum).toEqual(types)
  expect(Board.enum).toEqual(forum.leaderboards.map(({ board }) => board))
  expect(Metric.enum).toEqual(forum.metrics.map(({ metric }) => metric))
  expect(Object.keys(Counts.properties)).toEqual(['total', ...types])
  expect(ContributionGiven.properties.parent.description).toMatch(
    /Required for post, like_given, like_received$/,
  )
  const holders: [schema: Json, examples: Json][] = operationsOf(document).flatMap(({ operation }) =>
    [
      ...operation.parameters,
      ...Object.values<Json>(operation.requestBody?.content ?? {}),
      ...Object.values<Json>(operation.responses['200'].content),
    ].map((holder): [Json, Json] => [holder.schema, holder.examples ?? {}]),
  )
  const faults = holders.flatMap(([schema, examples]) =>
    Object.values<Json>(examples).flatMap(({ value }) => faultsOf(document, schema, value)),
  )
  expect(faults).toEqual([])
  const messages = document.paths['/v1/webhooks'].post.requestBody.content['application/json'].examples
  expect(messages['A contribution'].value.data[0].type).toBe('topic')
}

/** Pages, their scripts and the reference say what the forum says, and nothing of the other site. */
const checkPages = async (url: string): Promise<void> => {
  const [dashboard, profile, reference] = await Promise.all(
    ['/?lang=en', '/users/1?lang=en', '/docs'].map(async (path) => await textOf(url + path)),
  )
  for (const { title } of [...forum.leaderboards, ...forum.metrics]) expect(dashboard).toContain(title)
  for (const { title } of [...forum.types, ...forum.leaderboards]) expect(profile).toContain(title)
  for (const page of [dashboard, profile]) expect(page).toContain('Garden Forum')
  expect(await textOf(`${url}/docs`)).toContain('<html lang="de">')
  expect(await textOf(`${url}/garden.svg`)).toContain('viewBox="0 0 28 28"')
  const style = await textOf(`${url}/assets/site.css`)
  expect(
    /--accent: ?light-dark[^;]+;--accent-strong[^;]+(?=;--accent-soft[^;]+;--level-1)/.exec(style)?.[0],
  ).toBe('--accent: light-dark(#8a3d0f, #f0a868);--accent-strong: light-dark(#682e0b, #f5c295)')
  expect(profile).toContain('href="https://forum.example.org/posts/p1"')
  expect(profile).toContain('href="https://forum.example.org/u/by-id/1"')
  for (const type of types) expect(reference).toContain(type)
  const scripts = await Promise.all(
    ['dashboard', 'user'].map(async (name) => await (await fetch(`${url}/assets/${name}.js`)).text()),
  )
  for (const script of scripts) expect(script).toContain('Garden Forum')
  for (const text of [dashboard, profile, ...scripts])
    expect(text).not.toMatch(/support_forum_contributors|helpful_vote|kb_edit/)
}

/** The lines of a file, sorted. */
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n').sort()

it('an export comes back after a type has come to need a parent and another was removed', async () => {
  const [topic, ...others] = forum.types
  const lenient = others.map((type) => ({ ...type, needs_parent: false }))
  await writeDefinitions({ ...forum, types: [topic, ...lenient, { ...topic, type: 'poll' }] })
  const recorded = writeLines(join(clone, 'recorded.ndjson'), [
    ...lines,
    post('p4', { parent: null }),
    post('v1', { type: 'poll', content: { type: 'forum.poll', id: 'v1' } }),
    {
      type: 'contribution.retracted',
      timestamp: '2026-01-02T00:00:00Z',
      data: { content: { type: 'forum.poll', id: 'v1' }, type: 'poll', reason: 'spam' },
    },
  ])
  const before = ['--persist-to', join(clone, 'before')]
  const first = await npmRun('backfill', recorded, '--complete', 'post,poll', ...before)
  expect(first.code, first.output).toBe(0)
  const [exported, again] = ['exported.ndjson', 'again.ndjson'].map((name) => join(clone, name)) as [
    string,
    string,
  ]
  const taken = await npmRun('export', '--output', exported, ...before)
  expect(taken.code, taken.output).toBe(0)

  await writeDefinitions(forum)
  const after = ['--persist-to', join(clone, 'after')]
  const back = await npmRun('backfill', exported, '--skip-invalid', ...after)
  expect(back.code, back.output).toBe(0)
  expect(back.output).toContain('3 invalid lines')
  const copied = await npmRun('export', '--output', again, ...after)
  expect(copied.code, copied.output).toBe(0)
  expect(linesOf(again)).toEqual(linesOf(exported).filter((line) => !line.includes('poll')))
})

it('an invalid file ends the build and every command with what to use instead', async () => {
  const sentence = `definitions.json: /types/0/color/light Cannot use "#ffffff": use a colour like "#2f73c4" with a contrast of at least 3:1 to #ffffff\n`
  const [first, ...rest] = forum.types
  await writeDefinitions({
    ...forum,
    types: [{ ...first, color: { light: '#ffffff', dark: '#6fa8ee' } }, ...rest],
  })
  for (const script of ['build', 'backfill', 'reconcile', 'export', 'audit', 'demo'])
    expect(await npmRun(script, 'nothing'), script).toEqual({ code: 1, output: sentence })
  expect(await run('npm', ['start', '--silent'], { cwd: clone })).toEqual({ code: 1, output: sentence })
  await writeFile(join(clone, 'definitions.json'), '{ "types": [] }')
  const { code, output } = await npmRun('backfill', 'nothing')
  expect([code, output.split('\n')]).toEqual([
    1,
    [
      'definitions.json: /site Missing: use an object with name, default_locale and language, and optionally logo and accent',
      'definitions.json: /types Cannot use an array: use a list of 1 to 24 types',
      'definitions.json: /leaderboards Missing: use a list of 1 to 24 leaderboards',
      'definitions.json: /metrics Missing: use a list of 1 to 12 metrics',
      'definitions.json: /links Missing: use an object with a template for each content type',
      '',
    ],
  ])
  expect(JSON.parse(await readFile(join(clone, 'examples/forum/definitions.json'), 'utf8'))).toEqual(forum)
})

it('a file that is missing or not JSON ends the build and every command with one sentence', async () => {
  const expectAll = async (sentence: string): Promise<void> => {
    const output = `definitions.json: ${sentence}\n`
    for (const script of ['build', 'backfill', 'reconcile', 'export', 'audit', 'send', 'demo'])
      expect(await npmRun(script, 'nothing'), script).toEqual({ code: 1, output })
    expect(await run('npm', ['start', '--silent'], { cwd: clone })).toEqual({ code: 1, output })
  }
  await writeFile(join(clone, 'definitions.json'), '{ "types": [], }')
  await expectAll('Not JSON: Expected double-quoted property name in JSON at position 15 (line 1 column 16)')
  await rm(join(clone, 'definitions.json'))
  await expectAll('No such file: docs/definitions.md says how to write one')
})
