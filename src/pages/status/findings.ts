import type { ServiceView } from './statusQueries.ts'

/** Something that an operator should look at. */
export type Finding =
  | { finding: 'empty' }
  | { finding: 'misconfigured'; variable: string; detail: string }
  | { finding: 'drift'; count: number }
  | { finding: 'audit-late'; at: string }
  | { finding: 'incomplete'; count: number }

/** The maximum age of the last audit. One runs every night, so after a day and two hours one is missing. */
const auditMilliseconds = 26 * 3_600_000

/** What an operator should look at, most urgent first; empty if all is well. */
export const findingsIn = ({ status, health }: ServiceView): Finding[] => {
  const { audit, events, as_of: asOf, coverage } = status
  const isLate = audit !== null && Date.parse(asOf) - Date.parse(audit.checked_at) > auditMilliseconds
  const incomplete = Object.values(coverage).filter(({ complete }) => !complete).length
  return [
    ...(health.misconfigured ?? []).map(({ variable, detail }): Finding => ({
      finding: 'misconfigured',
      variable,
      detail,
    })),
    ...(events === 0 ? [{ finding: 'empty' } as const] : []),
    ...(audit && audit.drift > 0 ? [{ finding: 'drift', count: audit.drift } as const] : []),
    ...(isLate ? [{ finding: 'audit-late', at: audit.checked_at } as const] : []),
    ...(events > 0 && incomplete > 0 ? [{ finding: 'incomplete', count: incomplete } as const] : []),
  ]
}
