/** The headers of a captured request, by lower-case name. */
export type CapturedHeaders = ReadonlyMap<string, string>

/**
 * Normalizes a header name: `HTTP_WEBHOOK_ID`, the form in which CGI passes headers to applications, becomes
 * webhook-id.
 */
const toName = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^http-/, '')

const pairsOfJson = (text: string): [string, string][] => {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, each]) => [name, String(each)])
    : []
}

/** Parses lines of `Name: value`. `> ` and `< ` are the prefixes of `curl --verbose`. */
const pairsOfLines = (text: string): [string, string][] =>
  [...text.matchAll(/^(?:[<>*] )?([\w-]+) ?:(.*)$/gm)].map(([, name = '', value = '']) => [name, value])

const isObject = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Parses captured headers: lines of `Name: value`, from a dump of a request or from `curl --verbose`, or a JSON object.
 * Other lines are skipped.
 */
export const parseHeaders = (text: string): CapturedHeaders => {
  const headers = new Map<string, string>()
  for (const [name, value] of isObject(text) ? pairsOfJson(text) : pairsOfLines(text)) {
    const earlier = headers.get(toName(name))
    headers.set(toName(name), earlier === undefined ? value.trim() : `${earlier}, ${value.trim()}`)
  }
  return headers
}
