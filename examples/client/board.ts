import createClient from 'openapi-fetch'
import type { components, paths } from './perennial.d.ts'

/*
 * Prints a leaderboard: node board.ts [BOARD] [WINDOW]. Every path, parameter and field is typed by perennial.d.ts, which
 * `npm run generate` makes from a Worker's /openapi.json.
 */

const client = createClient<paths, 'application/json' | 'application/problem+json'>({
  baseUrl: process.env['PERENNIAL_URL'] ?? 'http://127.0.0.1:8787',
})

type Board = components['schemas']['Board']

/** Every entry of a leaderboard. Its pages are of one instant, so that they add up. */
async function* readBoard(board: Board, window: string) {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { data, error } = await client.GET('/v1/leaderboards/{board}', {
      params: { path: { board }, query: { window, limit: 100, ...(cursor && { cursor }) } },
    })
    if (error) throw new Error(`${error.title}: ${error.detail}`)
    yield* data.entries
    cursor = data.next_cursor
  }
}

const [board = 'support-forum', window = '90d'] = process.argv.slice(2)
for await (const { rank, user, count } of readBoard(board as Board, window))
  console.log(`${rank}. ${user.display_name ?? user.username ?? `user ${user.id}`}: ${count}`)
