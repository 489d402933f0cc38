/*
 * Requests of Discourse's webhooks, in the format that it documents: every field is there, those that the relay does not read
 * too.
 */

export const discourseUrl = 'https://forum.example.org'
export const discourseSecret = 'a secret that Discourse has'

export interface Person {
  id: number
  username: string
  name?: string | null
  admin?: boolean
  moderator?: boolean
}

const avatarOf = ({ username }: Person): string =>
  `/user_avatar/forum.example.org/${username}/{size}/12_2.png`

const basicUser = (person: Person): object => ({
  id: person.id,
  username: person.username,
  name: person.name ?? '',
  avatar_template: avatarOf(person),
})

export interface PostFields {
  id: number
  by: Person
  topic?: number
  number?: number
  at?: string
  category?: number | null
  archetype?: string
  type?: number
  deletedAt?: string | null
  userDeleted?: boolean
  title?: string
}

export const aPost = (fields: PostFields): Record<string, unknown> => ({
  id: fields.id,
  name: fields.by.name ?? '',
  username: fields.by.username,
  avatar_template: avatarOf(fields.by),
  created_at: fields.at ?? '2026-11-20T11:00:00.000Z',
  cooked: '<p>Have you tried to switch it off and on?</p>',
  post_number: fields.number ?? 2,
  post_type: fields.type ?? 1,
  posts_count: 4,
  updated_at: fields.at ?? '2026-11-20T11:00:00.000Z',
  reply_count: 0,
  reply_to_post_number: null,
  quote_count: 0,
  incoming_link_count: 0,
  reads: 0,
  score: 0,
  topic_id: fields.topic ?? 10,
  topic_slug: 'the-printer-sings',
  topic_title: fields.title ?? 'The printer sings',
  category_id: fields.category === undefined ? 7 : fields.category,
  display_username: fields.by.name ?? '',
  primary_group_name: null,
  flair_name: null,
  version: 1,
  user_title: null,
  bookmarked: false,
  raw: 'Have you tried to switch it off and on?',
  moderator: fields.by.moderator ?? false,
  admin: fields.by.admin ?? false,
  staff: fields.by.admin === true || fields.by.moderator === true,
  user_id: fields.by.id,
  hidden: false,
  trust_level: 2,
  deleted_at: fields.deletedAt ?? null,
  user_deleted: fields.userDeleted ?? false,
  edit_reason: null,
  wiki: false,
  reviewable_id: null,
  reviewable_score_count: 0,
  reviewable_score_pending_count: 0,
  topic_posts_count: 4,
  topic_filtered_posts_count: 4,
  topic_archetype: fields.archetype ?? 'regular',
  category_slug: 'support',
})

export interface TopicFields {
  id: number
  by: Person
  at?: string
  category?: number | null
  archetype?: string
  title?: string
}

export const aTopic = (fields: TopicFields): Record<string, unknown> => ({
  tags: ['printers'],
  tags_descriptions: {},
  id: fields.id,
  title: fields.title ?? 'The printer sings',
  fancy_title: fields.title ?? 'The printer sings',
  posts_count: 1,
  created_at: fields.at ?? '2026-11-20T10:00:00.000Z',
  views: 0,
  reply_count: 0,
  like_count: 0,
  last_posted_at: fields.at ?? '2026-11-20T10:00:00.100Z',
  visible: true,
  closed: false,
  archived: false,
  archetype: fields.archetype ?? 'regular',
  slug: 'the-printer-sings',
  category_id: fields.category === undefined ? 7 : fields.category,
  word_count: 284,
  deleted_at: null,
  user_id: fields.by.id,
  featured_link: null,
  pinned_globally: false,
  pinned_at: null,
  pinned_until: null,
  unpinned: null,
  pinned: false,
  highest_post_number: 1,
  deleted_by: null,
  has_deleted: false,
  bookmarked: false,
  participant_count: 1,
  thumbnails: null,
  created_by: basicUser(fields.by),
  last_poster: basicUser(fields.by),
})

export const aUser = (person: Person, fields: object = {}): Record<string, unknown> => ({
  ...basicUser(person),
  email: `${person.username}@example.org`,
  secondary_emails: [],
  last_posted_at: '2026-11-20T11:00:00.000Z',
  last_seen_at: '2026-11-20T11:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  muted: false,
  trust_level: 2,
  moderator: person.moderator ?? false,
  admin: person.admin ?? false,
  title: null,
  badge_count: 3,
  time_read: 4711,
  recent_time_read: 17,
  primary_group_id: null,
  staged: false,
  pending_count: 0,
  profile_view_count: 5,
  second_factor_enabled: false,
  post_count: 12,
  locale: null,
  groups: [{ id: 10, automatic: true, name: 'trust_level_0', display_name: 'trust_level_0' }],
  user_option: { mailing_list_mode: false, timezone: 'Europe/Berlin' },
  ...fields,
})

export const aLike = (post: PostFields, by: Person): object => ({ post: aPost(post), user: basicUser(by) })

const typeOf = (event: string): string =>
  event.endsWith('_solution') ? 'solved' : event === 'post_liked' ? 'like' : (event.split('_')[0] ?? '')

let events = 0

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The signature that Discourse sends with a body. */
export const signatureOf = async (body: string, secret = discourseSecret): Promise<string> => {
  const hash = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hash, false, ['sign'])
  return `sha256=${hexOf(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)))}`
}

/** A request of Discourse about an event, signed. Each has an ID of its own, a retry too. */
export const anEvent = async (
  event: string,
  payload: unknown,
  headers: Record<string, string | null> = {},
): Promise<Request> => {
  events += 1
  const body = JSON.stringify(event === 'ping' ? { ping: 'OK' } : { [typeOf(event)]: payload })
  const all: Record<string, string | null> = {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'Discourse/2026.11.0',
    'x-discourse-instance': discourseUrl,
    'x-discourse-event-id': String(events),
    'x-discourse-event-type': typeOf(event),
    'x-discourse-event': event,
    'x-discourse-event-signature': await signatureOf(body),
    ...headers,
  }
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  )
  return new Request('https://relay.example.org/', {
    method: 'POST',
    headers: Object.fromEntries(given),
    body,
  })
}
