import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import architecture from '../../docs/architecture.md?raw'
import worker from '../../src/worker.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, sign } from '../support/site.ts'

/* Counts the files that a request passes, with the counters that istanbul adds: run `npm run coverage -- test/http/requestPaths`. */

interface Counters {
  f: Readonly<Record<string, number>>
}

/** How often each function was called, by file and number. */
const calls = (): Map<string, number> => {
  const files: Record<string, Counters> = Reflect.get(globalThis, '__VITEST_COVERAGE__')
  return new Map(
    Object.entries(files).flatMap(([file, { f }]) =>
      Object.entries(f).map(([number, count]): [string, number] => [`${file} ${number}`, count]),
    ),
  )
}

/** The files of src/ of which a function is called meanwhile, sorted. */
const filesOf = async (work: () => Promise<void>): Promise<string[]> => {
  const before = calls()
  await work()
  const called = [...calls()].filter(([key, count]) => count > (before.get(key) ?? 0))
  return [...new Set(called.map(([key]) => key.replace(/^.*\/src\//, 'src/').replace(/ \d+$/, '')))].sort()
}

/** The files in a table of docs/architecture.md, sorted. */
const listed = (title: string): string[] => {
  const [, table = ''] = architecture.split(`| file of ${title} | what it does |\n|---|---|\n`)
  const [rows = ''] = table.split('\n\n')
  return [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, file = '']) => file).sort()
}

const fetchWorker = async (path: string, init?: RequestInit): Promise<void> => {
  const request = new Request(`https://perennial.example${path}`, init)
  const response = await worker.fetch(request as never, env, { waitUntil: () => undefined } as never)
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
}

const send = async (id: string, title?: string): Promise<void> => {
  const content = { type: 'questions.answer', id, ...(title !== undefined && { title }) }
  const parent = { type: 'questions.question', id: '1' }
  const data = aContribution({ content, parent, user: { id: 7, username: 'ana' } })
  const body = JSON.stringify({ type: 'contribution.created', timestamp: new Date().toISOString(), data })
  await fetchWorker('/v1/webhooks', { method: 'POST', body, headers: sign(body) })
}

const board = async (): Promise<void> => fetchWorker('/v1/leaderboards/overall?window=30d')

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('first')
})

describe('docs/architecture.md lists exactly the files that are passed', () => {
  it('by a webhook with a new contribution and its title, at most 20', async () => {
    const files = await filesOf(async () => send('second', 'How to sync'))
    expect(files).toEqual(listed('a write'))
    expect(files.length).toBeLessThanOrEqual(20)
  })

  it('by a live board that its object answers, at most 20, and by one that it refreshes first', async () => {
    await board()
    setClock(noon + 1500)
    const files = await filesOf(board)
    expect(files).toEqual(listed('a live board'))
    expect(files.length).toBeLessThanOrEqual(20)
    setClock(noon + 6000)
    expect(await filesOf(board)).toEqual([...files, ...listed('a refresh')].sort())
  })
})
