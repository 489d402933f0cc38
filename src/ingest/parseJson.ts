/** Only numbers of at least 16 digits can be rounded: most texts need no second look. */
const mayBeRounded = /[0-9]{16}/

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value
}

/**
 * Parses JSON. An integer that a number would round becomes a bigint, which no schema accepts, so that an error can quote
 * all of its digits. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown =>
  mayBeRounded.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
