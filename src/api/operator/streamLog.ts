import { formatInstant } from '../../contributions/instant.ts'
import type { HandlerOf } from '../../http/route.ts'
import { runBatch } from '../../log/database.ts'
import { contentOf, parentOf, readEvents } from '../../log/queries/events.ts'
import type { EventRow } from '../../log/schema.ts'
import { streamLogOperation, type Event } from './operations/streamLog.ts'

/** Rows taken from the log at a time: a stream holds no more of it in memory. */
const pageRows = 1000

const toEvent = (row: EventRow): Event => ({
  position: row.position,
  delta: row.delta === 1 ? 1 : -1,
  recorded_at: formatInstant(row.recorded_at),
  type: row.type,
  user: { id: row.user_id },
  occurred_at: formatInstant(row.occurred_at),
  content: contentOf(row),
  parent: parentOf(row),
  locale: row.locale,
  product: row.product,
  self: row.self === 1,
  reason: row.delta === -1 ? row.reason : null,
})

const toLine = (row: EventRow): string => `${JSON.stringify(toEvent(row))}\n`

/** `GET /v1/log`: the events themselves as NDJSON, in position order, for the operator. */
export const streamLog: HandlerOf<typeof streamLogOperation> = async ({ env, query }) => {
  const page = async (after: number, left: number): Promise<EventRow[]> => {
    const [rows] = await runBatch(env.DB, readEvents(env.DB, after, Math.min(left, pageRows)))
    return rows
  }
  // The first page is read before the status line goes out, so that a log that cannot answer is a 503.
  let rows = await page(query.after, query.limit)
  let left = query.limit
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(rows.map(toLine).join('')))
      left -= rows.length
      const last = rows.length < pageRows ? undefined : rows.at(-1)
      rows = last && left > 0 ? await page(last.position, left) : []
      if (rows.length === 0) controller.close()
    },
  })
  return new Response(stream, {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
  })
}
