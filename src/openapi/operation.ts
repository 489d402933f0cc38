import type { ZodMiniType } from 'zod/mini'
import type { ProblemName } from '../http/problem.ts'

/** The parts of the reference, in its order. */
export const tags = {
  Webhooks: 'The site tells what happened: one signed message for each fact.',
  Users: 'What one person contributed, and the very events behind each number.',
  Leaderboards: 'Who contributed most, board by board.',
  Metrics: 'How many people contribute, now and at every midnight of a range.',
  Operating: 'Whether the service is up, how far its log reaches, and the log itself.',
} as const
export type Tag = keyof typeof tags

/** A request that can be sent as it is. What it answers stands in exampleAnswers.json. */
export interface Example {
  path?: Readonly<Record<string, string | number>>
  query?: Readonly<Record<string, string | number>>
  /** The message that is sent. */
  message?: unknown
}

/** What is sent in place of the body. */
export interface Format {
  mediaType: 'application/json' | 'application/x-ndjson' | 'image/svg+xml'
  /** Of the text, of the JSON, or of the JSON of each line. */
  schema: ZodMiniType
  /** Whether what is not found is answered in this format too. */
  evenNotFound?: boolean
}

/** What is sent to an operation. */
export interface Input {
  headers: ZodMiniType
  message: ZodMiniType
}

/**
 * What a route promises to its callers. From it come the validation of the query, the type of the handler, the
 * /openapi.json, and what the tests hold every answer against.
 */
export interface Operation<Query = unknown, Body = unknown> {
  /** Its name in generated clients. */
  id: string
  tag: Tag
  summary: string
  description: string
  /** A strict object with a schema for each `:name` of the path. */
  path?: ZodMiniType
  /** A strict object with a schema for each query parameter. */
  query: ZodMiniType<Query>
  input?: Input
  /** What the handler answers with. */
  answer: ZodMiniType<Body>
  /** What becomes of it on the wire, where that is not JSON of the answer. */
  format?: Format
  /** The header row of a list as CSV. */
  columns?: readonly string[]
  /** Whether caches may keep an answer. */
  cached: boolean
  /** Beyond those that every route can answer with. */
  problems?: readonly ProblemName[]
  /** By what they show. */
  examples: Readonly<Record<string, Example>>
}

/** The name of an operation's table in generated clients. */
export const csvIdOf = ({ id }: Operation): string => `${id}AsCsv`

/** An operation, with the types of its query and its body taken from its schemas. */
export const describe = <Query, Body>(operation: Operation<Query, Body>): Operation<Query, Body> => operation

/** The query of an operation, as its schema reads it. */
export type QueryOf<Described> = Described extends Operation<infer Query, infer _> ? Query : never
