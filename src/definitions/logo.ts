/** The largest logo in bytes: it is loaded with every page. */
const bytesMax = 32 * 1024

/** What no drawing needs: code, other documents, and entities, with what an author reads of it. */
const forbidden: readonly [pattern: RegExp, name: string][] = [
  [/<!DOCTYPE|<!ENTITY|<\?(?!xml\s)/i, 'a document type, an entity or an instruction'],
  [
    /<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|handler|listener)\b/i,
    'a script or another document',
  ],
  [/[\s"'/]on\w+\s*=/i, 'a handler of events'],
  [/\bhref\s*=\s*(?!["']#)/i, 'a link'],
  [/url\(\s*(?!["']?#)|@import|javascript:/i, 'an address'],
]

/**
 * What is wrong with a logo; undefined for a drawing that can be used. It is shown as a picture, in which nothing runs;
 * these rules also protect a person who opens its address.
 */
export const logoIssue = (svg: string): string | undefined => {
  if (svg.length > bytesMax) return `use a file of at most ${bytesMax / 1024} KB`
  if (!/^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<svg\s[^>]*\bviewBox=/s.test(svg))
    return 'use an SVG file whose svg element has a viewBox'
  const found = forbidden.find(([pattern]) => pattern.test(svg))
  return found && `use a drawing without ${found[1]}`
}
