import type { ZodMiniType } from 'zod/mini'
import { quote, type ParameterIssue, type Result } from '../failure.ts'

/** Schemas say what to use; this adds what could not be used. */
const issuesOf = (
  issues: readonly {
    code?: string
    path: readonly PropertyKey[]
    message: string
    input?: unknown
    keys?: string[]
  }[],
): ParameterIssue[] =>
  issues.flatMap((issue) => {
    if (issue.keys) return issue.keys.map((parameter) => ({ parameter, detail: 'Unknown parameter' }))
    return [
      {
        parameter: String(issue.path[0]),
        detail: `Cannot use ${quote(issue.input ?? '')}: ${issue.message}`,
      },
    ]
  })

/** No endpoint has this many parameters. In a longer query one of these is unknown or repeated: the rest is not read. */
const parametersMax = 20

/** Reads a query string by a schema. Unknown, repeated and invalid parameters among the first 20 are rejected by name. */
export const parseQuery = <Query>(
  schema: ZodMiniType<Query>,
  search: URLSearchParams,
): Result<{ value: Query }> => {
  const given: Record<string, string> = Object.create(null)
  const found: ParameterIssue[] = []
  for (const [name, value] of search.entries().take(parametersMax)) {
    if (name in given) found.push({ parameter: name, detail: 'Cannot use a parameter twice' })
    given[name] = value
  }
  const parsed = schema.safeParse(given, { reportInput: true })
  if (!parsed.success) found.push(...issuesOf(parsed.error.issues))
  if (parsed.success && found.length === 0) return { value: parsed.data }
  const first = [
    ...new Map(found.toReversed().map((issue) => [issue.parameter, issue])).values(),
  ].toReversed()
  return { failure: 'invalid-parameter', issues: first }
}
