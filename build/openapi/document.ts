import { tags, type Endpoint, type Route } from '../../src/http/endpoint.ts'
import { Components } from './components.ts'
import { headerComponents } from './headers.ts'
import { information } from './information.ts'
import { withValidExamples } from './examples.ts'
import type { Examples, OpenApiDocument, OperationObject } from './openApi.ts'
import { parametersOf } from './parameters.ts'
import { problemsOf, responseComponents } from './problems.ts'
import { csvIdOf, responsesOf } from './responses.ts'

const securitySchemes = {
  standardWebhooks: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'A message signed as in the Standard Webhooks specification, with a secret that sender and receiver share',
  },
  operatorToken: { type: 'http', scheme: 'bearer', description: 'The operator token' },
} as const

const securityOf = ({ access }: Route): OperationObject['security'] => {
  if (access === 'operator') return [{ operatorToken: [] }]
  return access === 'site' ? [{ standardWebhooks: [] }] : []
}

const requestBodyOf = (
  { input, examples }: Endpoint,
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
  endpoint: Endpoint,
  components: Components,
  asCsv: boolean,
): OperationObject => ({
  operationId: asCsv ? csvIdOf(endpoint) : endpoint.id,
  tags: [endpoint.tag],
  summary: asCsv ? `${endpoint.summary}, as CSV` : endpoint.summary,
  description: endpoint.description,
  security: securityOf(route),
  parameters: parametersOf(endpoint, components),
  ...requestBodyOf(endpoint, components),
  responses: responsesOf(route, endpoint, components, asCsv),
})

/** A path in OpenAPI syntax: `{name}` instead of the router's `:name`. */
const templateOf = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

const pathsOf = (routes: readonly Route[], components: Components): OpenApiDocument['paths'] => {
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const { path, method } = route
    if (!route.endpoint) continue
    const endpoint = withValidExamples(route.endpoint)
    const verb = method === 'GET' ? 'get' : 'post'
    paths[templateOf(path)] = { [verb]: operationOf(route, endpoint, components, false) }
    if (endpoint.columns)
      paths[`${templateOf(path)}.csv`] = { [verb]: operationOf(route, endpoint, components, true) }
  }
  return paths
}

/** The OpenAPI 3.1 document of the routes that have an endpoint. */
export const documentOf = (routes: readonly Route[]): OpenApiDocument => {
  const components = new Components()
  const paths = pathsOf(routes, components)
  const answered = new Set(routes.flatMap((route) => (route.endpoint ? problemsOf(route) : [])))
  const responses = responseComponents(answered, components)
  return {
    openapi: '3.1.1',
    info: information,
    servers: [{ url: '/', description: 'This server' }],
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
