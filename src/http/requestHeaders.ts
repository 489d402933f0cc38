/** As much of a header as is read, so that no header takes long. */
const charactersMax = 4096

/** The first `most` elements of a header that is a list (RFC 9110 section 5.6.1), trimmed. */
export const elementsOf = (header: string | null, most: number): string[] =>
  (header ?? '')
    .slice(0, charactersMax)
    .split(',', most)
    .map((element) => element.trim())

/** How many media types of an Accept header are read; browsers send about eight. */
const rangesMax = 20

/** The weight that an Accept header gives a media type by name (RFC 9110 section 12.5.1); undefined if not listed. */
const weightOf = (accept: string | null, type: string): number | undefined => {
  for (const range of elementsOf(accept, rangesMax)) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2))
  }
  return undefined
}

/** Whether an Accept header lists a media type, with at least the weight of JSON. */
export const prefers = (accept: string | null, type: 'text/csv' | 'text/html'): boolean => {
  const weight = weightOf(accept, type) ?? 0
  return weight > 0 && weight >= (weightOf(accept, 'application/json') ?? 0)
}

/** How many tags of If-None-Match are compared; a cache sends one for each answer it stores for an address. */
const tagsMax = 100

const opaque = (tag: string): string => tag.replace(/^W\//, '')

/** Whether If-None-Match is `*` or lists a tag, compared weakly (RFC 9110 section 13.1.2). */
export const matchesTag = (ifNoneMatch: string | null, tag: string): boolean => {
  const given = elementsOf(ifNoneMatch, tagsMax)
  return (
    given.some((candidate) => opaque(candidate) === opaque(tag)) || (given.length === 1 && given[0] === '*')
  )
}

const digest = async (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/**
 * Whether an Authorization header carries the operator's token (RFC 6750). Digests are compared in constant time, so
 * that the time reveals neither the token's length nor a common prefix.
 */
export const isAuthorized = async (header: string | null, token: string): Promise<boolean> => {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const [left, right] = await Promise.all([digest(given), digest(token)])
  return crypto.subtle.timingSafeEqual(left, right)
}
