/** Of a query: the parameters that an answer depends on, as text without the question mark. */
export type Canonical = (search: string) => string

/** What every encoder leaves as it is; what else is encoded depends on the client. */
const neverEncoded = /^[A-Za-z0-9._-]$/

/**
 * A query without empty parameters, spelled in one way where clients agree: letters, digits, `.`, `_` and `-` as they
 * are, escapes in capitals (RFC 3986 section 6.2.2). It means the same.
 */
export const withoutNoise: Canonical = (search) =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter((parameter) => parameter !== '')
    .join('&')
    .replaceAll(/%([0-9a-f]{2})?/gi, (escape, code: string | undefined) => {
      if (code === undefined) return '%25'
      const character = String.fromCharCode(Number.parseInt(code, 16))
      return neverEncoded.test(character) ? character : escape.toUpperCase()
    })

/**
 * Where an answer is, for somebody who asked at another address of it: with slashes at the end, or with a query that
 * says the same in another way. undefined for who asked at the right one. Caches know an answer by its address, so
 * it must not have endless ones.
 */
export const movedTo = (asked: string, canonical: Canonical): string | undefined => {
  const { origin, pathname, search, href, hash } = new URL(asked)
  const path = pathname.replace(/\/+$/, '') || '/'
  const query = canonical(search)
  const address = query === '' ? path : `${path}?${query}`
  return href === origin + address + hash ? undefined : address
}
