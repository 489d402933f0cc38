/** A query string with its question mark, or an empty string. Undefined parameters are left out. */
export const queryString = (parameters: Record<string, string | number | undefined>): string => {
  const defined = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return defined.length === 0 ? '' : `?${new URLSearchParams(defined).toString()}`
}

/** The parameters that are set and differ from their defaults. */
export const withoutDefaults = (
  parameters: Record<string, string | undefined>,
  defaults: Record<string, unknown>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== defaults[entry[0]],
    ),
  )

/**
 * All parameters in effect for a query, including defaults. Every parameter that the page knows is a key; undefined is its
 * value where the page does without.
 */
export type ParametersOf = (search: string) => Record<string, string | undefined>

/**
 * The parameters of a query that a page knows, but with values that it cannot use: it shows its default instead. A value that
 * the default begins with is a shorter way to write it, such as 90 for 90d. A `lang` that no page is written in shows by itself.
 */
export const unusedIn = (search: string, parametersOf: ParametersOf): [name: string, value: string][] => {
  const [used, defaults] = [parametersOf(search), parametersOf('')]
  const given = new URLSearchParams(search)
  return Object.entries(used).flatMap(([name, value]): [string, string][] => {
    const text = textOf(given, name)
    const isDefault = value === undefined || value === defaults[name]
    const isUsed = text === undefined || !isDefault || value?.startsWith(text)
    return isUsed || name === 'lang' ? [] : [[name, text]]
  })
}

/** The maximum length of a value read from an address. The API rejects longer ones. */
const textMax = 2048

/** A trimmed parameter; undefined if it is missing or empty. */
export const textOf = (parameters: URLSearchParams, name: string): string | undefined => {
  const text = parameters.get(name)?.trim().slice(0, textMax)
  return text === '' ? undefined : text
}

/** Returns the text if it is one of the values, or else the fallback. */
export const oneOf = <Value extends string>(
  values: readonly Value[],
  text: string | undefined,
  fallback: Value,
): Value => values.find((value) => value === text) ?? fallback
