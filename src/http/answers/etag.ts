/** A weak ETag (RFC 9110 section 8.8.1) over a text: the same text, the same tag. */
export const weakTag = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `W/"${digest.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')

/** RFC 9110 section 13.1.2: `*` or a list of tags, compared weakly. */
export const matchesTag = (ifNoneMatch: string | null, tag: string): boolean => {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((candidate) => opaque(candidate) === opaque(tag))
}
