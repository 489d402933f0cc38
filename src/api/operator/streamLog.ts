import * as z from 'zod/mini'
import { reversalReasons } from '../../contributions/contribution.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { runBatch } from '../../log/database.ts'
import { contentOf, parentOf, readEvents } from '../../log/queries/events.ts'
import type { EventRow } from '../../log/schema.ts'
import { limitParameter, wholeNumber } from '../parameters.ts'
import * as shape from '../shapes.ts'

/** Rows per read, and thus the most that a stream holds in memory. */
const pageRows = 1000

const event = z
  .strictObject({
    position: shape.eventPosition,
    delta: z.literal([1, -1]).register(documented, { description: '+1 counts, −1 reverses an earlier +1' }),
    recorded_at: described(shape.instant, 'When it was first recorded; a backfill of an export keeps it'),
    user: z.strictObject({ id: shape.userId }).register(documented, { description: 'Who gets the credit' }),
    ...shape.facts,
    type: z.string().register(documented, {
      description: 'A contribution type, possibly one that the site no longer defines',
    }),
    reason: z.nullable(z.enum(reversalReasons)).register(documented, {
      description: 'Why an entry has delta −1; null for +1, or if the message gave no reason',
    }),
  })
  .register(documented, { id: 'Event', description: 'One row of the log' })

const toEvent = (row: EventRow): z.infer<typeof event> => ({
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

/** `GET /v1/log`. */
export const streamLog = endpoint({
  id: 'streamLog',
  tag: 'Operating',
  summary: 'Read the log',
  description:
    'Events as newline-delimited JSON, in position order: each line is an `Event`. A reversed contribution appears with both of its entries.',
  query: z.strictObject({
    after: z._default(wholeNumber(0, Number.MAX_SAFE_INTEGER, 'Only events after this position'), 0),
    limit: z._default(limitParameter(10_000), 1000),
  }),
  answer: z.never(),
  format: { mediaType: 'application/x-ndjson', schema: event },
  cached: false,
  examples: { 'The first two events': { query: { after: 0, limit: 2 } } },
  async handle({ env, query }) {
    const page = async (after: number, left: number): Promise<EventRow[]> => {
      const [rows] = await runBatch(env.DB, readEvents(env.DB, after, Math.min(left, pageRows)))
      return rows
    }
    // Reads the first page before the status line is sent, so that an outage becomes a 503.
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
  },
})
