import * as z from 'zod/mini'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import type { Route } from '../../src/http/endpoint.ts'
import type { Components } from './components.ts'
import { described, documented } from '../../src/http/documented.ts'
import { headersNamed } from './headers.ts'
import type { Response, Schema } from './openApi.ts'

/** The media type of a problem. */
export const problemType = 'application/problem+json'

const names = Object.keys(problems) as ProblemName[]

const detail = z
  .string()
  .register(documented, { description: 'What could not be done, and what to do instead' })

/** The schema of a problem (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z
      .enum(names.map((name) => `/problems/${name}` as const))
      .register(documented, { description: 'The address of a page that explains it' }),
    title: described(z.enum(names.map((name) => problems[name].title)), 'The type in words'),
    status: described(z.int(), 'The HTTP status'),
    detail,
    errors: z
      .optional(
        z.array(
          z.union([
            z.strictObject({
              pointer: z
                .string()
                .check(z.regex(/^(?:\/(?:[^~/]|~[01])*)*$/))
                .register(documented, { description: 'A JSON Pointer (RFC 6901) into the body' }),
              detail,
            }),
            z.strictObject({
              parameter: z.string().register(documented, { description: 'The name of a query parameter' }),
              detail,
            }),
          ]),
        ),
      )
      .register(documented, {
        description: 'The invalid parameters, or the invalid places in the body',
      }),
  })
  .register(documented, { id: 'Problem', description: 'Why a request was not answered (RFC 9457)' })

/** Problems that every read can answer with. */
const ofReads: readonly ProblemName[] = ['invalid-parameter', 'too-many-requests', 'internal', 'unavailable']

/** Problems that every message can be answered with. */
const ofMessages: readonly ProblemName[] = ['too-many-requests', 'internal', 'unavailable']

/** The problems that a route can answer with, by status. */
export const problemsOf = ({ method, access, endpoint }: Route): ProblemName[] => {
  const own = [...(endpoint?.problems ?? []), ...(method === 'GET' ? ofReads : ofMessages)]
  const all = access === 'operator' ? (['unauthorized', ...own] as const) : own
  return [...all].sort((left, right) => problems[left].status - problems[right].status)
}

const headersOfProblem = (name: ProblemName): string[] => {
  if (name === 'too-many-requests' || name === 'unavailable') return ['Cache-Control', 'Retry-After']
  return name === 'unauthorized' ? ['Cache-Control', 'WWW-Authenticate'] : ['Cache-Control']
}

/** The response with a problem, whose schema is given. */
export const problemComponent = (name: ProblemName, schema: Schema): Response => {
  const { status, title, when } = problems[name]
  const exact = { properties: { type: { const: `/problems/${name}` }, status: { const: status } } }
  return {
    description: `${title}: ${when}`,
    headers: headersNamed(headersOfProblem(name)),
    content: { [problemType]: { schema: { allOf: [schema, exact] } } },
  }
}

/** The `type` of the problem in a response, like `/problems/internal`; undefined if it has none. */
export const typeOfProblem = ({ content }: Response): string | undefined => {
  const exact = content?.[problemType]?.schema.allOf?.at(-1)
  return exact && String(exact.properties?.['type']?.const)
}

/** The responses that several routes share: 304, and the problems. */
export const responseComponents = (
  answered: Iterable<ProblemName>,
  components: Components,
): Record<string, Response> => {
  const problem = components.schemaOf(problemSchema)
  return {
    'not-modified': {
      description: 'The numbers have not changed since the answer with this tag',
      headers: headersNamed(['ETag', 'Cache-Control']),
    },
    ...Object.fromEntries([...answered].map((name) => [name, problemComponent(name, problem)])),
  }
}
