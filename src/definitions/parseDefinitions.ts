import type * as z from 'zod/mini'
import { pointerOf, quote, type BodyIssue } from '../failure.ts'
import { definitionsSchema, type Definitions } from './schema.ts'

/** A name and its path in the file. */
interface Named {
  name: string
  path: readonly PropertyKey[]
}

const cannotUse = (value: unknown, path: readonly PropertyKey[], error: string): BodyIssue => ({
  pointer: pointerOf(path),
  detail: `Cannot use ${quote(value)}: ${error}`,
})

const toIssues = (issue: z.core.$ZodIssue): BodyIssue[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      detail: 'Unknown field: remove it',
    }))
  }
  if (issue.code === 'invalid_key')
    return [cannotUse(issue.path.at(-1), issue.path, issue.issues[0]?.message ?? issue.message)]
  return issue.input === undefined
    ? [{ pointer: pointerOf(issue.path), detail: `Missing: ${issue.message}` }]
    : [cannotUse(issue.input, issue.path, issue.message)]
}

/** An issue for each repeated name in a list. */
const repetitionsIn = (names: readonly Named[], error: string): BodyIssue[] =>
  names
    .filter(({ name }, index) => names.findIndex((other) => other.name === name) < index)
    .map(({ name, path }) => cannotUse(name, path, error))

/** Issues with the types that a board or a metric counts. */
const countedTypesIssues = (
  { types: counted }: { types: string[] },
  path: readonly PropertyKey[],
  known: readonly string[],
): BodyIssue[] => {
  const names = counted.map((name, index) => ({ name, path: [...path, 'types', index] }))
  const unknown = names.filter(({ name }) => !known.includes(name))
  return unknown
    .map((each) => cannotUse(each.name, each.path, `use one of ${known.join(', ')}`))
    .concat(repetitionsIn(names, 'it is listed twice'))
}

/** Issues with the types in `responses`. */
const responsesIssues = (responses: Definitions['responses'], known: readonly string[]): BodyIssue[] => {
  const names = Object.entries(responses ?? {}).map(([role, name = '']) => ({
    name,
    path: ['responses', role],
  }))
  const unknown = names.filter(({ name }) => !known.includes(name))
  return unknown
    .map((each) => cannotUse(each.name, each.path, `use one of ${known.join(', ')}`))
    .concat(repetitionsIn(names, 'it is listed twice'))
}

/** An issue for each translation of something that the file does not define. */
const translationIssues = ({ types, leaderboards, metrics, translations }: Definitions): BodyIssue[] => {
  const known = {
    types: types.map(({ type }) => type),
    leaderboards: leaderboards.map(({ board }) => board),
    metrics: metrics.map(({ metric }) => metric),
  }
  return Object.entries(translations ?? {}).flatMap(([language, words]) =>
    Object.entries(words).flatMap(([list, byName = {}]) =>
      Object.keys(byName)
        .filter((name) => !known[list as keyof typeof known].includes(name))
        .map((name) =>
          cannotUse(name, ['translations', language, list, name], `it is not one of the ${list}`),
        ),
    ),
  )
}

/** Contradictions between parts of a file that are each valid on their own. */
const contradictionsIn = (file: Definitions): BodyIssue[] => {
  const { types, leaderboards, metrics } = file
  const known = types.map(({ type }) => type)
  const names = known.map((name, index) => ({ name, path: ['types', index, 'type'] }))
  const withDocuments = types.flatMap(({ counts_documents: counts }, index) => (counts ? [index] : []))
  // Boards and metrics share one namespace, because the name identifies a ranking.
  const rankings = [
    ...leaderboards.map(({ board }, index) => ({ name: board, path: ['leaderboards', index, 'board'] })),
    ...metrics.map(({ metric }, index) => ({ name: metric, path: ['metrics', index, 'metric'] })),
  ]
  return [
    ...repetitionsIn(names, 'it is the name of another type'),
    ...withDocuments
      .slice(1)
      .map((index) => cannotUse(true, ['types', index, 'counts_documents'], 'use it for one type only')),
    ...repetitionsIn(rankings, 'it is the name of another leaderboard or metric'),
    ...leaderboards.flatMap((rule, index) => countedTypesIssues(rule, ['leaderboards', index], known)),
    ...metrics.flatMap((rule, index) => countedTypesIssues(rule, ['metrics', index], known)),
    ...responsesIssues(file.responses, known),
    ...translationIssues(file),
  ]
}

/** Validates a definitions file. Returns its contents, or every issue with it. No I/O. */
export const parseDefinitions = (
  input: unknown,
): { definitions: Definitions; issues: [] } | { definitions: undefined; issues: BodyIssue[] } => {
  const parsed = definitionsSchema.safeParse(input, { reportInput: true })
  const issues = parsed.success ? contradictionsIn(parsed.data) : parsed.error.issues.flatMap(toIssues)
  return parsed.success && issues.length === 0
    ? { definitions: parsed.data, issues: [] }
    : { definitions: undefined, issues }
}
