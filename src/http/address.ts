/** Gives the part of a query that an answer depends on, without the question mark. */
export type Canonical = (search: string) => string

/** Characters that no client encodes; clients differ about the others. */
const neverEncoded = /^[A-Za-z0-9._-]$/

/**
 * The same query without empty parameters, normalized where clients agree: letters, digits, `.`, `_` and `-` unescaped,
 * escapes in upper case (RFC 3986 section 6.2.2).
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
 * A page's query: unchanged if every parameter is known, valid and given once, in any order; otherwise only the parameters
 * that the page uses. `parametersOf` gives all parameters that a query leads to, defaults included.
 */
export const understoodBy =
  (parametersOf: (search: string) => Record<string, string>): Canonical =>
  (search) => {
    const given = [...new URLSearchParams(search)]
    const [effective, defaults] = [parametersOf(search), parametersOf('')]
    const names = given.map(([name]) => name)
    const isUnderstood = given.every(
      ([name, value], index) => effective[name] === value && names.indexOf(name) === index,
    )
    if (isUnderstood) return withoutNoise(search)
    const kept = [...new Map(given)].flatMap(([name, value]) => {
      const used = effective[name]
      return used === undefined || (used !== value && used === defaults[name]) ? [] : [[name, used]]
    })
    return new URLSearchParams(kept).toString()
  }

/**
 * The canonical address of a request that has trailing slashes, or a query that can be written in a simpler way; undefined
 * for a request that is canonical already. Caches store an answer per address, so there must not be unlimited addresses.
 */
export const movedTo = (requested: string, canonical: Canonical): string | undefined => {
  const { origin, pathname, search, href, hash } = new URL(requested)
  const path = pathname.replace(/\/+$/, '') || '/'
  const query = canonical(search)
  const address = query === '' ? path : `${path}?${query}`
  return href === origin + address + hash ? undefined : address
}
