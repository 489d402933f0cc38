import * as z from 'zod/mini'
import type { ZodMiniType } from 'zod/mini'
import { isTemporary, problems, type ProblemName } from '../../src/http/problem.ts'
import type { Endpoint, Format, Route } from '../../src/http/endpoint.ts'
import exampleAnswers from './exampleAnswers.json' with { type: 'json' }
import type { Components } from './components.ts'
import { isValid } from './examples.ts'
import { headersNamed } from './headers.ts'
import type { Examples, Media, OperationObject, Response } from './openApi.ts'
import { problemComponent, problemSchema, problemsOf } from './problems.ts'

/** The operation ID of a list's CSV form. */
export const csvIdOf = ({ id }: Endpoint): string => `${id}AsCsv`

/** The media type of CSV. */
export const csvType = 'text/csv'

const cachedHeaders = ({ columns, format }: Endpoint): string[] => [
  'ETag',
  'Cache-Control',
  'Age',
  ...(columns ? ['Vary', 'Link'] : []),
  ...(columns || format ? ['Perennial-As-Of', 'Perennial-Position'] : []),
]

/**
 * The answer to each example after the example messages have been sent, by operation and title. A test keeps them
 * current.
 */
const answers: Record<string, Record<string, unknown> | undefined> = exampleAnswers

/** The answers to an operation's examples, as far as its schema accepts them. */
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

/** The schema of the response body: that of the format, if there is one, or else that of the answer. */
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
  // OpenAPI 3.1 has no keyword for the lines of a stream, so an extension of the text's schema has the schema of a
  // line.
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

/** The 404 response that is an image rather than a problem. */
const notFoundPicture = (endpoint: Endpoint, components: Components): Response => ({
  description: 'No such contributor; the card says so',
  headers: headersNamed(['Cache-Control']),
  content: ownContent(endpoint, components, false),
})

/** A temporary failure: a problem, or the same in the endpoint's own format. */
const problemOrPicture = (name: ProblemName, endpoint: Endpoint, components: Components): Response => {
  const problem = problemComponent(name, components.schemaOf(problemSchema))
  return { ...problem, content: { ...problem.content, ...ownContent(endpoint, components, false) } }
}

/** The responses of a route, or only those of its CSV form. */
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
    responses[problems[name].status] =
      endpoint.respondFailure && isTemporary(name)
        ? problemOrPicture(name, endpoint, components)
        : { $ref: `#/components/responses/${name}` }
  }
  if (endpoint.format?.evenNotFound) responses[404] = notFoundPicture(endpoint, components)
  return responses
}
