import * as z from 'zod/mini'
import type { Endpoint, Example } from '../../src/http/endpoint.ts'

/*
 * The examples of endpoints are written for the project's own definitions.json. A site with other definitions shows
 * only those that are valid for it.
 */

/** Whether a schema accepts a value. */
export const isValid = (schema: z.ZodMiniType | undefined, value: unknown): boolean =>
  schema === undefined || z.safeParse(schema, value).success

/** Converts values to text, as in an address. */
const asText = (values: Example['query']): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]))

/** A valid value for a path parameter: the first one of an enum, or else a user ID. */
const anyValueOf = (schema: z.core.$ZodType): string | number => {
  const [first] = schema instanceof z.ZodMiniEnum ? schema.options : []
  return first ?? 42
}

/** An example that is valid for every site; undefined for an endpoint without path parameters. */
const anyExample = ({ path }: Endpoint): Example | undefined =>
  path instanceof z.ZodMiniObject
    ? {
        path: Object.fromEntries(
          Object.entries(path.shape).map(([name, schema]) => [name, anyValueOf(schema)]),
        ),
      }
    : undefined

/**
 * An endpoint with only those examples that its schemas accept. If they accept none, adds one that is always valid, if
 * possible.
 */
export const withValidExamples = (endpoint: Endpoint): Endpoint => {
  const { path, query, input, examples } = endpoint
  const valid = Object.entries(examples).filter(
    ([, example]) =>
      isValid(path, example.path ?? {}) &&
      isValid(query, asText(example.query)) &&
      isValid(input?.message, example.message),
  )
  const any = valid.length === 0 ? anyExample(endpoint) : undefined
  return { ...endpoint, examples: any ? { Now: any } : Object.fromEntries(valid) }
}
