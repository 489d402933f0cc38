import * as z from 'zod/mini'
import type { ZodMiniType } from 'zod/mini'
import { problems } from '../../src/http/problem.ts'
import type { Endpoint, Format, Route } from '../../src/http/endpoint.ts'
import exampleAnswers from './exampleAnswers.json' with { type: 'json' }
import type { Components } from './components.ts'
import { isValid } from './examples.ts'
import { headersNamed } from './headers.ts'
import type { Examples, Media, OperationObject, Response } from './openApi.ts'
import { problemsOf } from './problems.ts'

/** The name of a list's table in generated clients. */
export const csvIdOf = ({ id }: Endpoint): string => `${id}AsCsv`

/** The media type of a table. */
export const csvType = 'text/csv'

const cachedHeaders = ({ columns, format }: Endpoint): string[] => [
  'ETag',
  'Cache-Control',
  'Age',
  ...(columns ? ['Vary', 'Link'] : []),
  ...(columns || format ? ['Perennial-As-Of', 'Perennial-Position'] : []),
]

/** The answer to each example once the example messages were sent, by operation and title. A test keeps them current. */
const answers: Record<string, Record<string, unknown> | undefined> = exampleAnswers

/** The answers to an operation's examples, if the operation can give them. */
const answersOf = (
  { examples }: Endpoint,
  operationId: string,
  schema: ZodMiniType,
): { examples?: Examples } => {
  const known = answers[operationId] ?? {}
  const values = Object.keys(examples).flatMap((name) =>
    name in known && isValid(schema, known[name]) ? [[name, { value: known[name] }]] : [],
  )
  return values.length === 0 ? {} : { examples: Object.fromEntries(values) }
}

const csvContent = (endpoint: Endpoint): Record<string, Media> => ({
  [csvType]: {
    schema: {
      type: 'string',
      description: `A table (RFC 4180) with the header row \`${endpoint.columns?.join(',')}\``,
    },
    ...answersOf(endpoint, csvIdOf(endpoint), z.string()),
  },
})

/** The schema of what is sent: of the answer, or of the format that it is sent in. */
const sentSchema = ({ answer, format }: Endpoint): ZodMiniType => format?.schema ?? answer

export const mediaTypeOf = ({ format }: Endpoint): Format['mediaType'] =>
  format?.mediaType ?? 'application/json'

const ownContent = (
  endpoint: Endpoint,
  components: Components,
  isExample: boolean,
): Record<string, Media> => {
  const schema = components.schemaOf(sentSchema(endpoint))
  const content = mediaTypeOf(endpoint)
  const isStream = content === 'application/x-ndjson'
  // OpenAPI 3.1 has no schema for the lines of a stream: the text's schema names that of a line.
  const asText = { type: 'string', contentMediaType: content, 'x-each-line': schema }
  return {
    [content]: {
      schema: isStream ? asText : schema,
      ...(isExample && answersOf(endpoint, endpoint.id, isStream ? z.string() : sentSchema(endpoint))),
    },
  }
}

const contentOf = (endpoint: Endpoint, components: Components, asCsv: boolean): Record<string, Media> => {
  if (asCsv) return csvContent(endpoint)
  return { ...ownContent(endpoint, components, true), ...(endpoint.columns && csvContent(endpoint)) }
}

/** The picture for an unknown user, in place of a problem. */
const notFoundPicture = (endpoint: Endpoint, components: Components): Response => ({
  description: 'No such contributor, as a picture that says so',
  headers: headersNamed(['Cache-Control']),
  content: ownContent(endpoint, components, false),
})

/** The responses of a route, or of its table alone. */
export const responsesOf = (
  route: Route,
  endpoint: Endpoint,
  components: Components,
  asCsv: boolean,
): OperationObject['responses'] => {
  const headers = endpoint.cached ? cachedHeaders(endpoint) : ['Cache-Control']
  const responses: OperationObject['responses'] = {
    200: {
      description: endpoint.summary,
      headers: headersNamed(headers),
      content: contentOf(endpoint, components, asCsv),
    },
    ...(endpoint.cached && { 304: { $ref: '#/components/responses/not-modified' } }),
  }
  for (const name of problemsOf(route)) {
    responses[problems[name].status] = { $ref: `#/components/responses/${name}` }
  }
  if (endpoint.format?.evenNotFound) responses[404] = notFoundPicture(endpoint, components)
  return responses
}
