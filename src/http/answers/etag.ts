import { elementsOf } from './elements.ts'

/** How many tags of If-None-Match are compared; a cache sends one for each answer that it keeps of an address. */
const tagsMax = 100

/** A weak ETag (RFC 9110 section 8.8.1) over a text: the same text, the same tag. */
export const weakTag = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `W/"${digest.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

const opaque = (tag: string): string => tag.replace(/^W\//, '')

/** RFC 9110 section 13.1.2: `*` or a list of tags, compared weakly. A tag that stands too far behind is sent the answer again. */
export const matchesTag = (ifNoneMatch: string | null, tag: string): boolean => {
  const given = elementsOf(ifNoneMatch, tagsMax)
  return (
    given.some((candidate) => opaque(candidate) === opaque(tag)) || (given.length === 1 && given[0] === '*')
  )
}
