import * as z from 'zod/mini'
import type { Endpoint, Example } from '../../src/http/endpoint.ts'

/*
 * The examples of endpoints are written for the definitions that come with the project. A site with others shows those
 * that are valid there too.
 */

/** Whether a schema accepts a value. */
export const isValid = (schema: z.ZodMiniType | undefined, value: unknown): boolean =>
  schema === undefined || z.safeParse(schema, value).success

/** Values as they come in an address: text. */
const asText = (values: Example['query']): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]))

/** A value of a path parameter: the first of a list, or else the ID of a user. */
const anyValueOf = (schema: z.core.$ZodType): string | number => {
  const [first] = schema instanceof z.ZodMiniEnum ? schema.options : []
  return first ?? 42
}

/** A request that every site answers; undefined for an endpoint without parameters in its path. */
const anyExample = ({ path }: Endpoint): Example | undefined =>
  path instanceof z.ZodMiniObject
    ? {
        path: Object.fromEntries(
          Object.entries(path.shape).map(([name, schema]) => [name, anyValueOf(schema)]),
        ),
      }
    : undefined

/** An endpoint with the examples that its schemas accept, or with one that they do if they accept none. */
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
