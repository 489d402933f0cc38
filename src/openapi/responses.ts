import type { ZodMiniType } from 'zod/mini'
import { problems } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import exampleAnswers from './exampleAnswers.json' with { type: 'json' }
import type { Components } from './components.ts'
import { headersNamed } from './headers.ts'
import type { Examples, Media, OperationObject, Response } from './openApi.ts'
import { csvIdOf, type Format, type Operation } from './operation.ts'
import { problemsOf } from './problems.ts'

/** The media type of a table. */
export const csvType = 'text/csv'

const cachedHeaders = ({ columns, format }: Operation): string[] => [
  'ETag',
  'Cache-Control',
  'Age',
  ...(columns ? ['Vary', 'Link'] : []),
  ...(columns || format ? ['Perennial-As-Of', 'Perennial-Position'] : []),
]

/** What the examples answer after the messages' examples, by operation and name; a test writes it and compares. */
const answers: Record<string, Record<string, unknown> | undefined> = exampleAnswers

/** What each example of an operation answers. */
const answersOf = ({ examples }: Operation, operationId: string): { examples?: Examples } => {
  const known = answers[operationId] ?? {}
  const values = Object.keys(examples).flatMap((name) =>
    name in known ? [[name, { value: known[name] }]] : [],
  )
  return values.length === 0 ? {} : { examples: Object.fromEntries(values) }
}

const csvContent = (operation: Operation): Record<string, Media> => ({
  [csvType]: {
    schema: {
      type: 'string',
      description: `A table (RFC 4180) with the header row \`${operation.columns?.join(',')}\``,
    },
    ...answersOf(operation, csvIdOf(operation)),
  },
})

/** The schema of what is sent: of the answer, or of the format that it is sent in. */
const sentSchema = ({ answer, format }: Operation): ZodMiniType => format?.schema ?? answer

export const mediaTypeOf = ({ format }: Operation): Format['mediaType'] =>
  format?.mediaType ?? 'application/json'

const ownContent = (
  operation: Operation,
  components: Components,
  isExample: boolean,
): Record<string, Media> => {
  const schema = components.schemaOf(sentSchema(operation))
  const content = mediaTypeOf(operation)
  // OpenAPI 3.1 has no schema for the lines of a stream: the text's schema names that of a line.
  const asText = { type: 'string', contentMediaType: content, 'x-each-line': schema }
  return {
    [content]: {
      schema: content === 'application/x-ndjson' ? asText : schema,
      ...(isExample && answersOf(operation, operation.id)),
    },
  }
}

const contentOf = (operation: Operation, components: Components, asCsv: boolean): Record<string, Media> => {
  if (asCsv) return csvContent(operation)
  return { ...ownContent(operation, components, true), ...(operation.columns && csvContent(operation)) }
}

/** A picture of nobody, in place of a problem. */
const notFoundPicture = (operation: Operation, components: Components): Response => ({
  description: 'There is nobody of this id, as a picture that says so',
  headers: headersNamed(['Cache-Control']),
  content: ownContent(operation, components, false),
})

/** The responses of a route, or of its table alone. */
export const responsesOf = (
  route: Route,
  operation: Operation,
  components: Components,
  asCsv: boolean,
): OperationObject['responses'] => {
  const headers = operation.cached ? cachedHeaders(operation) : ['Cache-Control']
  const responses: OperationObject['responses'] = {
    200: {
      description: operation.summary,
      headers: headersNamed(headers),
      content: contentOf(operation, components, asCsv),
    },
    ...(operation.cached && { 304: { $ref: '#/components/responses/not-modified' } }),
  }
  for (const name of problemsOf(route)) {
    responses[problems[name].status] = { $ref: `#/components/responses/${name}` }
  }
  if (operation.format?.evenNotFound) responses[404] = notFoundPicture(operation, components)
  return responses
}
