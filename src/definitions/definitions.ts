import file from '../../definitions.json' with { type: 'json' }
import type { Definitions, localeRules } from './schema.ts'

/*
 * What this site counts, from definitions.json, which becomes a part of the Worker and of the pages' scripts when they are
 * bundled. The build and the commands check the file first (cli/checkDefinitions.ts), so what is here is valid.
 */

/** The file as it is written. */
export const definitions = file as Definitions

/** A name among the types of `definitions`: what is credited. */
export type ContributionType = string

/** What the site says about one type. */
export type TypeDefinition = Definitions['types'][number]

/** Every type of contribution, in the order of lists, tables and columns. */
export const contributionTypes: readonly ContributionType[] = definitions.types.map(({ type }) => type)

const typesByName = new Map(definitions.types.map((definition) => [definition.type, definition]))

/** Whether contributions of a type count: false for a type that the site no longer defines. */
export const isDefined = (type: ContributionType): boolean => typesByName.has(type)

/** The type whose distinct parents are the `documents` of a user; empty if the site defines no such type. */
export const documentsType: ContributionType =
  definitions.types.find((definition) => definition.counts_documents)?.type ?? ''

/** The definition of a type. Throws if there is none. */
export const typeDefinition = (type: ContributionType): TypeDefinition => {
  const definition = typesByName.get(type)
  if (definition === undefined) throw new Error(`No such type: ${type}`)
  return definition
}

/** The same kind of value for every type. */
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
  /** How many contributions in the window make a contributor. */
  min: number
  /** The window's length in days. */
  windowDays: number
}

/** Every leaderboard. */
export const boards: readonly Board[] = definitions.leaderboards.map(
  ({ counts_self: countsSelf, ...board }) => Object.assign({ countsSelf }, board),
)

/** Every metric: the number of users with at least `min` such contributions in the window. */
export const metrics: readonly Metric[] = definitions.metrics.map(
  ({ counts_self: countsSelf, window_days: windowDays, ...metric }) =>
    Object.assign({ countsSelf, windowDays }, metric),
)

/** The types whose contributions ask, reply and solve; a site may have none that solves. */
export interface ResponseTypes {
  question: ContributionType
  answer: ContributionType
  solution?: ContributionType | undefined
}

/** What `/v1/responses` is about; undefined for a site without questions and answers. */
export const responseTypes: ResponseTypes | undefined = definitions.responses
