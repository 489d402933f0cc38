import { definitions } from './definitions.ts'

/** A thing that a link template may exist for: a content, or a user. */
interface Linked {
  type: string
  id: string
}

const templates = new Map(Object.entries(definitions.links))

/** The address of a content by the site's template for its type; null if there is none. */
export const linkOf = ({ type, id }: Linked): string | null =>
  templates.get(type)?.replaceAll('{id}', encodeURIComponent(id)) ?? null

/** The address of a user on the site; null if the site gives no template for users. */
export const userLinkOf = (id: number): string | null => linkOf({ type: 'user', id: String(id) })
