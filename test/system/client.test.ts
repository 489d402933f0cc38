import { cp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { run, scratchDirectory } from './support/processes.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver } from './support/site.ts'

const example = join(projectDirectory, 'examples/client')

/** A program that `npm ci` has installed for the example. */
const program = (name: string): string => join(example, 'node_modules/.bin', name)

let server: Server
let directory: string

// A copy, because the types that are generated must not stay behind in the example.
beforeAll(async () => {
  ;[server, directory] = await Promise.all([startServer(), scratchDirectory()])
  for (const file of ['package.json', 'tsconfig.json', 'board.ts'])
    await cp(join(example, file), join(directory, file))
  await symlink(join(projectDirectory, 'node_modules'), join(directory, 'node_modules'))
  const types = ['--output', 'perennial.d.ts']
  const generated = await run(program('openapi-typescript'), [`${server.url}/openapi.json`, ...types], {
    cwd: directory,
  })
  expect(generated.code, generated.output).toBe(0)
})

afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

const answersBy = (id: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'answer',
    user: { id, username: `user${id}` },
    occurred_at: '2026-03-01T11:00:00.000Z',
    content: { type: 'questions.answer', id: `${id}-${index}` },
  }))

it('the typed client of examples/client compiles with the types of /openapi.json, and reads every page of a board', async () => {
  expect(await run(program('tsc'), [], { cwd: directory })).toEqual({ code: 0, output: '' })
  // User n has n mod 3 + 1 answers: three ranks over two pages.
  const ids = Array.from({ length: 130 }, (_, index) => index + 1)
  const { position } = await deliver(
    server.url,
    aMessage(
      'contribution.created',
      ids.flatMap((id) => answersBy(id, (id % 3) + 1)),
    ),
  )
  await (await fetch(`${server.url}/v1/leaderboards/support-forum?window=all&at_least=${position}`)).text()
  const { code, output } = await run(process.execPath, ['board.ts', 'support-forum', 'all'], {
    cwd: directory,
    env: { ...process.env, PERENNIAL_URL: server.url },
  })
  expect(code, output).toBe(0)
  const rankOf = (answers: number): number => 1 + ids.filter((id) => (id % 3) + 1 > answers).length
  const expected = ids
    .map((id) => ({ id, count: (id % 3) + 1 }))
    .sort((left, right) => right.count - left.count || left.id - right.id)
    .map(({ id, count }) => `${rankOf(count)}. user${id}: ${count}`)
  expect(output.trim().split('\n')).toEqual(expected)
})

it('the typed client refuses a misspelt board, parameter, path and field when it is compiled', async () => {
  await writeFile(
    join(directory, 'wrong.ts'),
    `import createClient from 'openapi-fetch'
import type { paths } from './perennial.d.ts'

const client = createClient<paths, 'application/json'>()
const board = 'solutions' as const
await client.GET('/v1/leaderboards/{board}', { params: { path: { board: 'solutoins' } } })
await client.GET('/v1/leaderboards/{board}', { params: { path: { board }, query: { windwo: '7d' } } })
await client.GET('/v1/leaderbords', {})
const { data } = await client.GET('/v1/leaderboards/{board}', { params: { path: { board } } })
console.log(data?.entries[0]?.score)
`,
  )
  const { code, output } = await run(program('tsc'), [], { cwd: directory })
  await rm(join(directory, 'wrong.ts'))
  expect(code).not.toBe(0)
  expect(output.match(/^wrong\.ts\(\d+/gm)).toEqual(['wrong.ts(6', 'wrong.ts(7', 'wrong.ts(8', 'wrong.ts(10'])
})
