/** The headers of a captured request by their lower-case names. */
export type CapturedHeaders = ReadonlyMap<string, string>

/** `HTTP_WEBHOOK_ID`, as servers pass headers to applications, is webhook-id. */
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

/** `> ` and `< ` are what curl puts before the lines of `--verbose`. */
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
 * Reads captured headers: lines of `Name: value`, from a dump of a request or from `curl --verbose`, or a JSON object. Lines
 * of another form are skipped.
 */
export const parseHeaders = (text: string): CapturedHeaders => {
  const headers = new Map<string, string>()
  for (const [name, value] of isObject(text) ? pairsOfJson(text) : pairsOfLines(text)) {
    const earlier = headers.get(toName(name))
    headers.set(toName(name), earlier === undefined ? value.trim() : `${earlier}, ${value.trim()}`)
  }
  return headers
}
