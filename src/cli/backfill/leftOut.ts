import { contributionTypes, type ContributionType } from '../../contributions/contribution.ts'
import { decodeLine } from '../lines/decodeLine.ts'
import type { Line } from '../lines/input.ts'
import { isMessage } from './parseLine.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The type that an item names, or every type when it names none that there is. */
const typesOfItem = (item: unknown): readonly ContributionType[] => {
  const named = isObject(item) ? contributionTypes.find((type) => type === item['type']) : undefined
  return named === undefined ? contributionTypes : [named]
}

/** The messages that are about contributions; the others that are known say nothing of what a type holds. */
const aboutContributions = new Set<unknown>([
  'contribution.created',
  'contribution.retracted',
  'contribution.restored',
])
const aboutOthers = new Set<unknown>(['content.deleted', 'user.updated', 'user.erased', 'coverage.declared'])

/**
 * The types that lack something, or may lack it, when an invalid line is left out: where the line does not say,
 * every type.
 */
export const typesLeftOut = (line: Line): ReadonlySet<ContributionType> => {
  const decoded = decodeLine(line)
  const value = decoded.ok ? decoded.value : undefined
  if (!isObject(value)) return new Set(contributionTypes)
  if (!isMessage(value)) return new Set(typesOfItem(value))
  if (aboutOthers.has(value['type'])) return new Set()
  const { data } = value
  if (!aboutContributions.has(value['type']) || data === undefined) return new Set(contributionTypes)
  return new Set((Array.isArray(data) ? data : [data]).flatMap(typesOfItem))
}
