/** The maximum size of a logo in bytes. Every page loads it. */
const bytesMax = 32 * 1024

/** What a drawing must not contain: code, other documents and entities. The name appears in the error. */
const forbidden: readonly [pattern: RegExp, name: string][] = [
  [/<!DOCTYPE|<!ENTITY|<\?(?!xml\s)/i, 'a document type, an entity or an instruction'],
  [
    /<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|handler|listener)\b/i,
    'a script or another document',
  ],
  [/[\s"'/]on\w+\s*=/i, 'an event handler'],
  [/\bhref\s*=\s*(?!["']#)/i, 'a link'],
  [/url\(\s*(?!["']?#)|@import|javascript:/i, 'a reference to another file'],
]

/**
 * The issue with a logo; undefined if it is acceptable. Pages show it as an image, in which nothing can run. These
 * rules also protect people who open its address directly.
 */
export const logoIssue = (svg: string): string | undefined => {
  if (svg.length > bytesMax) return `use a file of at most ${bytesMax / 1024} KB`
  if (!/^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<svg\s[^>]*\bviewBox=/s.test(svg))
    return 'use an SVG file whose svg element has a viewBox'
  const found = forbidden.find(([pattern]) => pattern.test(svg))
  return found && `use a drawing without ${found[1]}`
}
