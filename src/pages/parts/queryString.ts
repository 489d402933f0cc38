/** A query string, with its question mark. Undefined parameters are left out. */
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
