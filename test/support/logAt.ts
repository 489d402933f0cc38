import { env } from 'cloudflare:workers'
import { Oracle, type SentContribution } from './oracle.ts'

interface Row {
  type: string
  content_type: string
  content_id: string
  user_id: number
  occurred_at: number
  parent_type: string | null
  parent_id: string | null
  locale: string
  product: string
  self: number
}

// With max(position), the other columns of a group are those of its last entry, which has the present values.
const countedAt = `SELECT type, content_type, content_id, user_id, occurred_at, parent_type, parent_id, locale, product, self,
    max(position)
  FROM events WHERE position <= ? GROUP BY type, content_type, content_id HAVING sum(delta) = 1`

const contributionOf = (row: Row): SentContribution => ({
  type: row.type,
  user: { id: row.user_id },
  occurred_at: new Date(row.occurred_at).toISOString(),
  content: { type: row.content_type, id: row.content_id },
  ...(row.parent_type !== null && { parent: { type: row.parent_type, id: row.parent_id ?? '' } }),
  locale: row.locale,
  product: row.product,
  self: row.self === 1,
})

/** An oracle over the contributions in the log up to a position. It knows users only by their IDs. */
export const logAt = async (position: number): Promise<Oracle> => {
  const { results } = await env.DB.prepare(countedAt).bind(position).all<Row>()
  const timestamp = new Date(0).toISOString()
  return new Oracle([{ type: 'contribution.created', timestamp, data: results.map(contributionOf) }], [])
}
