import { elementsOf } from './elements.ts'

/** How many media types of an Accept header are read; browsers send eight or so. */
const rangesMax = 20

/** The weight that an Accept header gives a media type by name (RFC 9110 section 12.5.1); undefined if it names it not. */
const weightOf = (accept: string | null, type: string): number | undefined => {
  for (const range of elementsOf(accept, rangesMax)) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2))
  }
  return undefined
}

/** Whether a caller would rather have a type than JSON: it is named, and not behind JSON. */
export const prefers = (accept: string | null, type: 'text/csv' | 'text/html'): boolean => {
  const weight = weightOf(accept, type) ?? 0
  return weight > 0 && weight >= (weightOf(accept, 'application/json') ?? 0)
}
