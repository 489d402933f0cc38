import type { Plan } from './plan.ts'
import type { Written } from './write.ts'

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A plan to read. */
export const describePlan = ({ contributions, others, invalid, conflicts, ignoredFields }: Plan): string =>
  [
    contributions.table(),
    '',
    ...(others > 0 ? [`${number.format(others)} items of other messages`] : []),
    `${number.format(invalid)} invalid lines`,
    ...ignoredFields.describe(),
    ...conflicts.describe(),
  ].join('\n')

/** What a backfill did, to read. */
export const describeWritten = (written: Written, seconds: number, rowsWritten: number): string => {
  const { recorded, duplicate, ignored, applied, unchanged, conflicts } = written
  const items = recorded + duplicate + ignored + applied + unchanged + conflicts.count
  return [
    `recorded ${number.format(recorded)}, duplicate ${number.format(duplicate)}, conflict ${number.format(conflicts.count)}, ignored ${number.format(ignored)}; of other messages applied ${number.format(applied)}, unchanged ${number.format(unchanged)}`,
    `${number.format(rowsWritten)} rows written, ${number.format(items / Math.max(seconds, 0.001))} items a second in ${seconds.toFixed(1)} s`,
    ...conflicts.describe(),
  ].join('\n')
}
