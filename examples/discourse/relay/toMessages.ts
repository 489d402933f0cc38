/** What the relay needs to know about the site. */
export interface Site {
  /** The address of Discourse, without a slash at the end: pictures are relative to it. */
  url: string
  /** The categories that count, by ID, with the name that each has as `product` (null for none). */
  categories: ReadonlyMap<number, string | null>
  /** Whether admins and moderators count on leaderboards and in metrics. */
  countsStaff: boolean
}

/** One event of Discourse: the header `X-Discourse-Event`, and what the body has under the name of the event's type. */
export interface DiscourseEvent {
  name: string
  payload: Payload
}

/** One message to Perennial. */
export interface Message {
  type: string
  timestamp: string
  data: object | object[]
}

/** JSON of Discourse. Its fields are read by the functions below, which throw an UnexpectedPayload if one is not as documented. */
export type Payload = Readonly<Record<string, unknown>>

/** A payload that lacks what Discourse documents. The message names the field and no value. */
export class UnexpectedPayload extends Error {}

const isObject = (value: unknown): value is Payload => typeof value === 'object' && value !== null

const objectIn = (payload: Payload, field: string): Payload => {
  const value = payload[field]
  if (!isObject(value)) throw new UnexpectedPayload(`"${field}" is not an object`)
  return value
}

/** An ID. Those of the system's own accounts are below 1. */
const idIn = (payload: Payload, field: string): number => {
  const value = payload[field]
  if (!Number.isSafeInteger(value)) throw new UnexpectedPayload(`"${field}" is not an ID`)
  return Number(value)
}

const timeIn = (payload: Payload, field: string): string => {
  const instant = Date.parse(String(payload[field]))
  if (Number.isNaN(instant)) throw new UnexpectedPayload(`"${field}" is not a time`)
  return new Date(instant).toISOString()
}

/** A text that Perennial accepts: without control characters, at most 254 code points; null if nothing is left. */
const textIn = (payload: Payload, field: string): string | null => {
  const value = payload[field]
  const text =
    typeof value === 'string'
      ? value
          .toWellFormed()
          .replace(/\p{Cc}+/gu, ' ')
          .trim()
      : ''
  return text === '' ? null : Array.from(text).slice(0, 254).join('').trimEnd()
}

/** The address of a picture; null unless it is https. Discourse gives a template with the size left open. */
const pictureOf = (payload: Payload, site: Site): string | null => {
  const template = textIn(payload, 'avatar_template')?.replace('{size}', '96')
  const url = template === undefined ? null : URL.parse(template, `${site.url}/`)
  return url?.protocol === 'https:' && url.href.length <= 2048 ? url.href : null
}

const userOf = (payload: Payload, id: number, site: Site) => ({
  id,
  username: textIn(payload, 'username'),
  display_name: textIn(payload, 'name'),
  avatar_url: pictureOf(payload, site),
})

const isStaff = (payload: Payload): boolean => payload['admin'] === true || payload['moderator'] === true

/** Whether all readers of the site see a post: not a private message, a whisper, a moderator's note, or a system post. */
const isPublicPost = (post: Payload): boolean =>
  post['post_type'] === 1 && post['topic_archetype'] === 'regular' && idIn(post, 'user_id') > 0

/** Whether the category counts. Discourse leaves it out where the topic is gone. */
const isCounted = (payload: Payload, { categories }: Site): boolean =>
  categories.has(Number(payload['category_id']))

const productOf = (payload: Payload, { categories }: Site): string | null =>
  categories.get(Number(payload['category_id'])) ?? null

const postContent = (post: Payload) => ({ type: 'discourse.post', id: idIn(post, 'id') })

const topicContent = (id: number) => ({ type: 'discourse.topic', id })

/** Staff have a profile, but count on no board and in no metric unless the site chooses so. */
const staffFact = (post: Payload, site: Site, now: string): Message[] =>
  isStaff(post) && !site.countsStaff
    ? [{ type: 'user.updated', timestamp: now, data: { id: idIn(post, 'user_id'), is_system: true } }]
    : []

const topicStarted = ({ name, payload: topic }: DiscourseEvent, site: Site, now: string): Message[] => {
  const starter = objectIn(topic, 'created_by')
  const starterId = idIn(starter, 'id')
  if (topic['archetype'] !== 'regular' || starterId < 1 || !isCounted(topic, site)) return []
  const occurredAt = timeIn(topic, 'created_at')
  const data = {
    type: 'topic',
    user: userOf(starter, starterId, site),
    occurred_at: occurredAt,
    content: { ...topicContent(idIn(topic, 'id')), title: textIn(topic, 'title') },
    product: productOf(topic, site),
  }
  // An edited topic is the same contribution with a newer title.
  return [{ type: 'contribution.created', timestamp: name === 'topic_edited' ? now : occurredAt, data }]
}

const posted = ({ payload: post }: DiscourseEvent, site: Site, now: string): Message[] => {
  if (!isPublicPost(post) || !isCounted(post, site)) return []
  // The first post of a topic is the topic itself, which has an event of its own.
  if (post['post_number'] === 1) return staffFact(post, site, now)
  const occurredAt = timeIn(post, 'created_at')
  const data = {
    type: 'post',
    user: userOf(post, idIn(post, 'user_id'), site),
    occurred_at: occurredAt,
    content: { ...postContent(post), title: textIn(post, 'topic_title') },
    parent: topicContent(idIn(post, 'topic_id')),
    product: productOf(post, site),
  }
  return [{ type: 'contribution.created', timestamp: occurredAt, data }, ...staffFact(post, site, now)]
}

const liked = ({ payload }: DiscourseEvent, site: Site, now: string): Message[] => {
  const post = objectIn(payload, 'post')
  const liker = objectIn(payload, 'user')
  const likerId = idIn(liker, 'id')
  if (!isPublicPost(post) || !isCounted(post, site) || likerId < 1) return []
  // Discourse sends no ID of a like: a person likes a post at most once.
  const content = { type: 'discourse.like', id: `${idIn(post, 'id')}-${likerId}` }
  const fields = { occurred_at: now, content, parent: postContent(post), product: productOf(post, site) }
  const data = [
    { type: 'like_given', user: userOf(liker, likerId, site), ...fields },
    { type: 'like_received', user: userOf(post, idIn(post, 'user_id'), site), ...fields },
  ]
  return [
    { type: 'contribution.created', timestamp: now, data },
    // Liked again after the like was taken back.
    { type: 'contribution.restored', timestamp: now, data: { content } },
    ...staffFact(post, site, now),
  ]
}

const accepted = ({ payload: post }: DiscourseEvent, site: Site, now: string): Message[] => {
  if (!isPublicPost(post) || !isCounted(post, site)) return []
  const content = postContent(post)
  const data = {
    type: 'solution',
    user: userOf(post, idIn(post, 'user_id'), site),
    occurred_at: now,
    content: { ...content, title: textIn(post, 'topic_title') },
    parent: topicContent(idIn(post, 'topic_id')),
    product: productOf(post, site),
  }
  return [
    { type: 'contribution.created', timestamp: now, data },
    // Accepted again after it was unaccepted.
    { type: 'contribution.restored', timestamp: now, data: { content, type: 'solution' } },
    ...staffFact(post, site, now),
  ]
}

const unaccepted = ({ payload: post }: DiscourseEvent, site: Site, now: string): Message[] => {
  // Discourse also unaccepts a solution whose post is deleted. The credit stays.
  const isDeleted = post['deleted_at'] != null || post['user_deleted'] === true
  if (isDeleted || !isPublicPost(post) || !isCounted(post, site)) return []
  const data = { content: postContent(post), type: 'solution', reason: 'unsolved' }
  return [{ type: 'contribution.retracted', timestamp: now, data }]
}

/** A deletion or a recovery, which marks what is listed and changes no number. */
const mark =
  (type: 'content.deleted' | 'content.undeleted', of: 'post' | 'topic') =>
  ({ payload }: DiscourseEvent, _site: Site, now: string): Message[] => {
    const isPrivate = (payload['topic_archetype'] ?? payload['archetype']) === 'private_message'
    const isListed = of === 'topic' || (payload['post_type'] === 1 && payload['post_number'] !== 1)
    if (isPrivate || !isListed) return []
    const content = of === 'topic' ? topicContent(idIn(payload, 'id')) : postContent(payload)
    return [{ type, timestamp: now, data: { content } }]
  }

const userUpdated = ({ payload: user }: DiscourseEvent, site: Site, now: string): Message[] => {
  const id = idIn(user, 'id')
  if (id < 1) return []
  const data = {
    ...userOf(user, id, site),
    is_active: !(Date.parse(String(user['suspended_till'])) > Date.parse(now)),
    is_system: isStaff(user) && !site.countsStaff,
  }
  return [{ type: 'user.updated', timestamp: now, data }]
}

const userErased = ({ payload: user }: DiscourseEvent, _site: Site, now: string): Message[] => {
  const id = idIn(user, 'id')
  return id < 1 ? [] : [{ type: 'user.erased', timestamp: now, data: { id } }]
}

const handlers: Readonly<Record<string, (event: DiscourseEvent, site: Site, now: string) => Message[]>> = {
  topic_created: topicStarted,
  topic_edited: topicStarted,
  topic_destroyed: mark('content.deleted', 'topic'),
  topic_recovered: mark('content.undeleted', 'topic'),
  post_created: posted,
  post_destroyed: mark('content.deleted', 'post'),
  post_recovered: mark('content.undeleted', 'post'),
  post_liked: liked,
  accepted_solution: accepted,
  unaccepted_solution: unaccepted,
  user_updated: userUpdated,
  user_destroyed: userErased,
  user_anonymized: userErased,
}

/**
 * The messages that tell Perennial of an event; none if the event does not count. `now` is an RFC 3339 time: Discourse does
 * not say when a like, a choice or a deletion was made, so it is when the event arrived. No I/O. Throws an UnexpectedPayload.
 */
export const toMessages = (event: DiscourseEvent, site: Site, now: string): Message[] =>
  Object.hasOwn(handlers, event.name) ? (handlers[event.name]?.(event, site, now) ?? []) : []
