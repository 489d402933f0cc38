import { definitions } from './definitions.ts'

/** A content or user to link to, and the address that the site sent for it, if any. */
interface Linked {
  type: string
  id: string
  url?: string | null | undefined
}

const templates = new Map(Object.entries(definitions.links))

/**
 * The address of a content: the one that the site sent, or else from the link template of its type; null if there is
 * neither.
 */
export const linkOf = ({ type, id, url }: Linked): string | null =>
  url ?? templates.get(type)?.replaceAll('{id}', encodeURIComponent(id)) ?? null

/** The address of a user on the site; null if there is no link template for users. */
export const userLinkOf = (id: number): string | null => linkOf({ type: 'user', id: String(id) })
