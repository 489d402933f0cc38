import type { ZodMiniType } from 'zod/mini'
import { quote, type Problem } from './problem.ts'

interface ParameterFault {
  parameter: string
  detail: string
}

/** A schema's own message for a value; schemas say "use …", and this says what could not be used. */
const faultsOf = (
  issues: readonly {
    code?: string
    path: readonly PropertyKey[]
    message: string
    input?: unknown
    keys?: string[]
  }[],
): ParameterFault[] =>
  issues.flatMap((issue) => {
    if (issue.keys) return issue.keys.map((parameter) => ({ parameter, detail: 'No such parameter here' }))
    return [
      {
        parameter: String(issue.path[0]),
        detail: `Cannot use ${quote(issue.input ?? '')}: ${issue.message}`,
      },
    ]
  })

/** No address takes as many parameters, so among so many one is unknown or repeated: the rest need not be read. */
const parametersMax = 20

/** Reads a query string by a schema. What is unknown, repeated or ill-formed among the first 20 is refused by name. */
export const parseQuery = <Query>(
  schema: ZodMiniType<Query>,
  search: URLSearchParams,
): { value: Query } | Problem => {
  const given: Record<string, string> = Object.create(null)
  const faults: ParameterFault[] = []
  for (const [name, value] of search.entries().take(parametersMax)) {
    if (name in given) faults.push({ parameter: name, detail: 'Cannot use a parameter twice' })
    given[name] = value
  }
  const parsed = schema.safeParse(given, { reportInput: true })
  if (!parsed.success) faults.push(...faultsOf(parsed.error.issues))
  if (parsed.success && faults.length === 0) return { value: parsed.data }
  const first = [
    ...new Map(faults.toReversed().map((fault) => [fault.parameter, fault])).values(),
  ].toReversed()
  const named = first.map((fault) => `${fault.parameter}: ${fault.detail}`)
  return { problem: 'invalid-parameter', detail: named.join('; '), errors: first }
}
