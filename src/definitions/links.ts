import { definitions } from './definitions.ts'

/** A thing that a link template may exist for, and the address that the site sent for it, if it did. */
interface Linked {
  type: string
  id: string
  url?: string | null | undefined
}

const templates = new Map(Object.entries(definitions.links))

/** The address of a content: the one that the site sent, or else by the template for its type; null without either. */
export const linkOf = ({ type, id, url }: Linked): string | null =>
  url ?? templates.get(type)?.replaceAll('{id}', encodeURIComponent(id)) ?? null

/** The address of a user on the site; null if the site gives no template for users. */
export const userLinkOf = (id: number): string | null => linkOf({ type: 'user', id: String(id) })
