import type { ContributionType } from '../../definitions/definitions.ts'
import { counted, formatNumber } from '../console/format.ts'
import type { Plan } from './plan.ts'
import type { Written } from './write.ts'

export const describePlan = ({ contributions, others, invalid, conflicts, ignoredFields }: Plan): string =>
  [
    contributions.table(),
    '',
    ...(others > 0 ? [counted(others, 'item in other messages', 'items in other messages')] : []),
    counted(invalid, 'invalid line'),
    ...ignoredFields.describe(),
    ...conflicts.describe(),
  ].join('\n')

/** Why types are not declared complete, and what to do about it. */
export const describeIncomplete = ({ invalidByType }: Plan, types: readonly ContributionType[]): string =>
  [
    ...types.map((type) => {
      const count = invalidByType.get(type) ?? 0
      const lines = counted(count, 'invalid line')
      return `${type} was not declared complete, because ${lines} that may be about it ${count === 1 ? 'was' : 'were'} left out`
    }),
    `Fix and backfill what was left out, then run again with --complete ${types.join(',')}`,
  ].join('\n')

/** Why types are still incomplete after they were declared complete, and what to do about it. */
export const describeContradicted = (types: readonly ContributionType[]): string =>
  `Not declared complete: ${types.join(', ')}. The log has a later declaration. Wait 5 minutes, then run again with --complete ${types.join(',')}`

export const describeWritten = (written: Written, rowsWritten: number): string => {
  const { recorded, duplicate, ignored, applied, unchanged, conflicts, seconds } = written
  const items = recorded + duplicate + ignored + applied + unchanged + conflicts.count
  return [
    `recorded ${formatNumber(recorded)}, duplicate ${formatNumber(duplicate)}, conflict ${formatNumber(conflicts.count)}, ignored ${formatNumber(ignored)}; other messages: applied ${formatNumber(applied)}, unchanged ${formatNumber(unchanged)}`,
    `${counted(rowsWritten, 'row')} written${seconds < 1 ? '' : `, ${formatNumber(items / seconds)} items a second in ${seconds.toFixed(1)} s`}`,
    ...conflicts.describe(),
  ].join('\n')
}
