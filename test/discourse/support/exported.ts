/*
 * What the export prints of the forum in test/system/support/discourse.sql, query by query, with until 2026-11-18. The system
 * test holds the SQL to it, the relay's tests send it to the Worker.
 */

const topic10 = { type: 'discourse.topic', id: 10 }

const contribution = (type: string, id: number, occurredAt: string, rest: object) => ({
  type,
  user: { id },
  occurred_at: occurredAt,
  ...rest,
})

const like = (post: number, author: number, liker: number, at: string) =>
  [
    { type: 'like_given', user: liker },
    { type: 'like_received', user: author },
  ].map(({ type, user }) =>
    contribution(type, user, at, {
      content: { type: 'discourse.like', id: `${post}-${liker}` },
      parent: { type: 'discourse.post', id: post },
      product: 'support',
    }),
  )

/** A line that is a whole message. */
const message = (type: string, timestamp: string, data: object) => ({ type, timestamp, data })

const postOf10 = (id: number, extra: object = { title: 'The printer sings' }) => ({
  content: { type: 'discourse.post', id, ...extra },
  parent: topic10,
  product: 'support',
})

export const contributions = {
  topic: [
    contribution('topic', 2, '2026-11-10T10:00:00.123Z', {
      content: { ...topic10, title: 'The printer sings' },
      product: 'support',
    }),
    contribution('topic', 3, '2026-11-10T10:03:00.000Z', {
      content: { type: 'discourse.topic', id: 13, title: 'さようなら' },
    }),
  ],
  post: [
    contribution('post', 3, '2026-11-10T11:00:00.000Z', postOf10(101)),
    contribution('post', 2, '2026-11-10T11:03:00.000Z', postOf10(104)),
    contribution('post', 1, '2026-11-10T11:04:00.000Z', postOf10(105)),
    contribution('post', 2, '2026-11-10T11:07:00.000Z', {
      content: { type: 'discourse.post', id: 110, title: 'さようなら' },
      parent: { type: 'discourse.topic', id: 13 },
    }),
  ],
  like: [...like(101, 3, 2, '2026-11-11T09:00:00.000Z'), ...like(104, 2, 3, '2026-11-11T09:01:00.000Z')],
  solution: [contribution('solution', 3, '2026-11-11T12:00:00.000Z', postOf10(101))],
}

const post = (id: number) => ({ content: { type: 'discourse.post', id } })
const topic = (id: number) => ({ content: { type: 'discourse.topic', id } })

export const messages = {
  unlike: [
    message('contribution.retracted', '2026-11-11T10:00:00.000Z', {
      content: { type: 'discourse.like', id: '101-1' },
      reason: 'other',
    }),
    message('contribution.retracted', '2026-11-11T10:01:00.000Z', {
      content: { type: 'discourse.like', id: '104-1' },
      reason: 'other',
    }),
  ],
  spam: [
    message('contribution.retracted', '2026-11-10T11:00:00.000Z', { ...topic(14), reason: 'spam' }),
    message('contribution.retracted', '2026-11-10T12:00:01.000Z', { ...post(113), reason: 'spam' }),
  ],
  topic_deleted: [
    message('content.deleted', '2026-11-12T09:00:00.000Z', topic(13)),
    message('content.deleted', '2026-11-10T11:00:00.000Z', topic(14)),
  ],
  post_deleted: [
    message('content.deleted', '2026-11-12T08:00:00.000Z', post(104)),
    message('content.deleted', '2026-11-10T12:00:00.000Z', post(113)),
  ],
}

/** The timestamps of these are when the query ran. */
export const people = {
  user: [
    { id: 1, username: 'ann', display_name: 'Ann "Admin" Ache', is_active: true, is_system: true },
    { id: 2, username: 'ben', display_name: null, is_active: true, is_system: false },
    { id: 3, username: 'cleo', display_name: null, is_active: true, is_system: false },
    { id: 4, username: 'dan', display_name: 'Dan', is_active: false, is_system: false },
    { id: 5, username: 'anon5', display_name: null, is_active: true, is_system: false },
  ].map((data) => ({ type: 'user.updated', data })),
  anonymized: [{ type: 'user.erased', data: { id: 5 } }],
}
