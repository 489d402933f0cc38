import type { Route } from '../http/route.ts'
import { Components } from './components.ts'
import { headerComponents } from './headers.ts'
import { information } from './information.ts'
import type { Examples, OpenApiDocument, OperationObject } from './openApi.ts'
import { csvIdOf, tags, type Operation } from './operation.ts'
import { parametersOf } from './parameters.ts'
import { problemsOf, responseComponents } from './problems.ts'
import { responsesOf } from './responses.ts'

const securitySchemes = {
  standardWebhooks: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'A message signed as in the Standard Webhooks specification, with a secret that sender and receiver share',
  },
  operatorToken: { type: 'http', scheme: 'bearer', description: 'The operator’s token' },
} as const

const securityOf = ({ method, isPrivate }: Route): OperationObject['security'] => {
  if (isPrivate) return [{ operatorToken: [] }]
  return method === 'POST' ? [{ standardWebhooks: [] }] : []
}

const requestBodyOf = (
  { input, examples }: Operation,
  components: Components,
): Pick<OperationObject, 'requestBody'> => {
  if (!input) return {}
  const messages: Examples = Object.fromEntries(
    Object.entries(examples).map(([name, { message }]) => [name, { value: message }]),
  )
  const schema = components.schemaOf(input.message)
  const content = { 'application/json': { schema, examples: messages } }
  return { requestBody: { required: true, content } }
}

const operationOf = (
  route: Route,
  operation: Operation,
  components: Components,
  asCsv: boolean,
): OperationObject => ({
  operationId: asCsv ? csvIdOf(operation) : operation.id,
  tags: [operation.tag],
  summary: asCsv ? `${operation.summary}, as CSV` : operation.summary,
  description: operation.description,
  security: securityOf(route),
  parameters: parametersOf(operation, components),
  ...requestBodyOf(operation, components),
  responses: responsesOf(route, operation, components, asCsv),
})

/** A path as OpenAPI writes it: `{name}` for what the router calls `:name`. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

const pathsOf = (routes: readonly Route[], components: Components): OpenApiDocument['paths'] => {
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const { operation, path, method } = route
    if (!operation) continue
    const verb = method === 'GET' ? 'get' : 'post'
    paths[templateOf(path)] = { [verb]: operationOf(route, operation, components, false) }
    if (operation.columns)
      paths[`${templateOf(path)}.csv`] = { [verb]: operationOf(route, operation, components, true) }
  }
  return paths
}

const make = (routes: readonly Route[]): OpenApiDocument => {
  const components = new Components()
  const paths = pathsOf(routes, components)
  const answered = new Set(routes.flatMap((route) => (route.operation ? problemsOf(route) : [])))
  const responses = responseComponents(answered, components)
  return {
    openapi: '3.1.1',
    info: information,
    servers: [{ url: '/', description: 'Here' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas,
      responses,
      headers: headerComponents,
      securitySchemes,
    },
  }
}

const made = new WeakMap<readonly Route[], OpenApiDocument>()

/** The OpenAPI 3.1 document of the routes that have an operation, made when it is first asked for. */
export const documentOf = (routes: readonly Route[]): OpenApiDocument => {
  const document = made.get(routes) ?? make(routes)
  made.set(routes, document)
  return document
}
