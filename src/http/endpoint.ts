import type { ZodMiniType } from 'zod/mini'
import type { Instant } from '../contributions/instant.ts'
import type { Failure } from '../failure.ts'
import type { SentAnswer } from '../memory/AnswerMemory.ts'
import type { LogCounts } from '../memory/LogCounts.ts'
import type { ProblemName } from './problem.ts'
import type { Answer, AnswerBody } from './respond.ts'

/** Reduces a query string to the part that the answer depends on, without the question mark. */
export type Canonical = (search: string) => string

/** The chapters of the API reference, in order. */
export const tags = {
  Webhooks: 'The site reports what happened, in signed messages.',
  Users: 'What one person contributed, and the events behind each number.',
  Leaderboards: 'Who contributed most, board by board.',
  Metrics: 'How many people contribute, now and at every midnight of a range.',
  Volume: 'How much is contributed, and by how many people, by interval and group.',
  Community: 'Who comes, who stays, and how long questions wait.',
  Definitions: 'What this site counts: types of contributions, leaderboards, metrics, links.',
  Operating: 'Whether the service is up, what its log covers, and the log itself.',
} as const
export type Tag = keyof typeof tags

/** An example request, ready to send. Its answer is in build/openapi/exampleAnswers.json. */
export interface Example {
  path?: Readonly<Record<string, string | number>>
  query?: Readonly<Record<string, string | number>>
  /** The message to send. */
  message?: unknown
}

/** The format of an answer that is not sent as JSON. */
export interface Format {
  mediaType: 'application/json' | 'application/x-ndjson' | 'image/svg+xml'
  /** The schema of the text, of the JSON, or of the JSON of each line. */
  schema: ZodMiniType
  /** Whether a 404 has this format too. */
  evenNotFound?: boolean
}

/** Measures what a request waits for: D1, or a Durable Object. */
export interface Timing {
  /** Awaits a promise and adds the elapsed time to a part. */
  time<Value>(part: 'log' | 'object', waited: Promise<Value>): Promise<Value>
}

/** One request, and what its handler may use. */
export interface Call<Query = unknown> {
  request: Request
  /** The parsed URL of the request. */
  url: Readonly<URL>
  env: Env
  now: Instant
  params: Record<string, string>
  query: Query
  /** Whether the path ended in `.csv`. */
  csvSuffix: boolean
  timing: Timing
  /** Keeps an answer in this isolate's memory; undefined if there is no memory. */
  remember: ((sent: SentAnswer) => void) | undefined
  /** Counts users in the log; undefined if their counters have to answer. */
  logCounts: LogCounts | undefined
  /** Lets work continue after the response was sent. Its errors are only reported. */
  runInBackground: (work: Promise<void>) => void
  /** Requests a path of this site's public API, as any client could, without leaving the Worker. */
  fetchSelf(path: string): Promise<Response>
}

/** What a handler returns: an answer for `respond`, a failure, or a finished HTTP response. */
export type Handled<Body extends AnswerBody = AnswerBody> = Answer<Body> | Failure | Response

/** How a failure is shown to a caller. */
export type RespondFailure = (request: Request, failure: Failure) => Promise<Response>

/**
 * One endpoint: its contract with callers, and its implementation. Query validation, the handler's types and
 * /openapi.json derive from it, and the tests validate every answer against it.
 */
export interface Endpoint<Query = unknown, Body extends AnswerBody = AnswerBody> {
  /** The operation's name in generated clients. */
  id: string
  tag: Tag
  summary: string
  description: string
  /** A strict object with a schema for each `:name` of the path. */
  path?: ZodMiniType
  /** A strict object with a schema for each query parameter. */
  query: ZodMiniType<Query>
  /** The headers and the body of a message. */
  input?: { headers: ZodMiniType; message: ZodMiniType }
  /** The body of the answer. */
  answer: ZodMiniType<Body>
  /** The format, if the answer is not sent as JSON. */
  format?: Format
  /** The header row of a list as CSV. */
  columns?: readonly string[]
  /** Whether caches may keep an answer. */
  cached: boolean
  /** The problems that it can answer with, besides those common to all routes. */
  problems?: readonly ProblemName[]
  /** Example requests by title. */
  examples: Readonly<Record<string, Example>>
  /** How temporary failures are shown to callers who prefer `format`. Shows all others as a problem in JSON. */
  respondFailure?: RespondFailure
  handle(call: Call<Query>): Promise<Handled<Body>> | Handled<Body>
}

/** Defines an endpoint. Its schemas determine the types of the query and the body in `handle`. */
export const endpoint = <Query, Body extends AnswerBody>(
  definition: Omit<Endpoint<Query, Body>, 'handle'> & {
    handle(call: Call<Query>): Promise<Handled<NoInfer<Body>>> | Handled<NoInfer<Body>>
  },
): Endpoint<Query, Body> => definition

/** One entry of `routes`. */
export interface Route {
  method: 'GET' | 'POST'
  path: string
  /**
   * `public`: any website or client. `operator`: callers with the token. `site`: signed messages. `page`: people in a
   * browser.
   */
  access: 'public' | 'operator' | 'site' | 'page'
  /** Reduces a query to its canonical form, to which equivalent queries are redirected. */
  canonical: Canonical
  /** undefined for a page. */
  endpoint: Endpoint | undefined
  handle(call: Call): Promise<Response>
  /** How failures are shown, if not as a problem in JSON. */
  respondFailure?: RespondFailure
}

/** Whether a route answers with a list, which is offered as CSV too. */
export const isList = (route: Route): boolean => route.endpoint?.columns !== undefined

/** One of the addresses of a route. */
export interface Address {
  /** Matches the path, with or without trailing slashes. */
  pattern: RegExp
  found: Route
  csvSuffix: boolean
}

const addressOf = (path: string, found: Route, csvSuffix: boolean): Address => {
  const pattern = path
    .replace(/\/$/, '')
    .replaceAll('.', '\\.')
    .replaceAll(/:(\w+)/g, '(?<$1>[^/]+?)')
  return { pattern: new RegExp(`^${pattern}/*$`), found, csvSuffix }
}

export const addressesOf = (found: Route): Address[] => [
  ...(isList(found) ? [addressOf(`${found.path}.csv`, found, true)] : []),
  addressOf(found.path, found, false),
]
