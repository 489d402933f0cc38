import file from '../../definitions.json' with { type: 'json' }
import type { Definitions, localeRules } from './schema.ts'

/*
 * What this site counts, from definitions.json, which is bundled into the Worker and the pages' scripts. The build and
 * the commands validate the file first (cli/checkDefinitions.ts), so it is valid here.
 */

/** The contents of definitions.json. */
export const definitions = file as Definitions

/** The name of a contribution type. */
export type ContributionType = string

/** The definition of one type. */
export type TypeDefinition = Definitions['types'][number]

/** Every contribution type, in the order that lists, tables and columns use. */
export const contributionTypes: readonly ContributionType[] = definitions.types.map(({ type }) => type)

const typesByName = new Map(definitions.types.map((definition) => [definition.type, definition]))

/** Whether a type is defined. Contributions of a type that the site no longer defines do not count. */
export const isDefined = (type: ContributionType): boolean => typesByName.has(type)

/** The type whose distinct parents count as a user's `documents`; empty if the site has no such type. */
export const documentsType: ContributionType =
  definitions.types.find((definition) => definition.counts_documents)?.type ?? ''

/** The definition of a type. Throws if it is not defined. */
export const typeDefinition = (type: ContributionType): TypeDefinition => {
  const definition = typesByName.get(type)
  if (definition === undefined) throw new Error(`No such type: ${type}`)
  return definition
}

/** A record with a value for every type. */
export const forEachType = <Value>(
  valueOf: (definition: TypeDefinition) => Value,
): Record<ContributionType, Value> =>
  Object.fromEntries(definitions.types.map((definition) => [definition.type, valueOf(definition)]))

/** Which events a board or a metric counts. */
export interface Rule {
  types: ContributionType[]
  /** Whether acts on one's own content count. */
  countsSelf: boolean
  locale: (typeof localeRules)[number]
}

export interface Board extends Rule {
  board: string
  title: string
  description: string
}

export interface Metric extends Rule {
  metric: string
  title: string
  description: string
  /** The minimum number of contributions in the window for a user to count. */
  min: number
  /** The window's length in days. */
  windowDays: number
}

/** Every leaderboard. */
export const boards: readonly Board[] = definitions.leaderboards.map(
  ({ counts_self: countsSelf, ...board }) => Object.assign({ countsSelf }, board),
)

/** Every metric. Its value is the number of users with at least `min` contributions in the window. */
export const metrics: readonly Metric[] = definitions.metrics.map(
  ({ counts_self: countsSelf, window_days: windowDays, ...metric }) =>
    Object.assign({ countsSelf, windowDays }, metric),
)

/** The types of questions, answers and solutions. A site may have no type for solutions. */
export interface ResponseTypes {
  question: ContributionType
  answer: ContributionType
  solution?: ContributionType | undefined
}

/** The types for `/v1/responses`; undefined for a site without questions and answers. */
export const responseTypes: ResponseTypes | undefined = definitions.responses
