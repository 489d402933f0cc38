/*
 * A second list of the fields in the contract's messages, without the project's schemas.
 */

/** The known fields of an object: null for a plain value, otherwise the fields below it. */
interface Known {
  [name: string]: Known | null
}

const content: Known = { type: null, id: null }
const profile: Known = { id: null, username: null, display_name: null, avatar_url: null }

const items: Record<string, Known> = {
  'contribution.created': {
    type: null,
    user: profile,
    occurred_at: null,
    content: { ...content, title: null, url: null },
    parent: content,
    locale: null,
    product: null,
    self: null,
    spam: null,
  },
  'contribution.retracted': { content, type: null, reason: null },
  'contribution.restored': { content, type: null, reason: null },
  'contribution.amended': {
    content,
    type: null,
    set: { user: profile, locale: null, product: null, parent: content, self: null },
  },
  'content.deleted': { content },
  'content.undeleted': { content },
  'user.updated': { ...profile, is_active: null, is_system: null, is_hidden: null, groups: null },
  'user.erased': { id: null },
  'coverage.declared': { type: null, complete: null, since: null },
}

const below = (value: unknown, known: Known, place: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((item, index) => below(item, known, `${place}/${index}`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const here = `${place}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.keys(known).includes(name)) return [here]
    const deeper = known[name]
    return deeper ? below(field, deeper, here) : []
  })
}

/** JSON Pointers to the unknown fields of a valid message, the outermost of each branch, in the order of the document. */
export const unknownIn = (message: unknown): string[] => {
  const { type } = message as { type: string }
  return below(message, { type: null, timestamp: null, data: items[type] ?? {} }, '')
}
