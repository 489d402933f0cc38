import type { Outcome } from './soak.ts'

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

const cutOff = 0

const describeStatuses = (statuses: Outcome['statuses']): string =>
  [...statuses]
    .sort(([left], [right]) => left - right)
    .map(([status, count]) => `${status === cutOff ? 'cut off by a kill' : status} ${number.format(count)}`)
    .join(', ')

/** Describes the outcome of a soak: each difference with its request, then the sums. */
export const describe = (outcome: Outcome): string => {
  const { seed, minutes, kills, restarts, sending, statuses, ledger, findings, events, examinedSeconds } =
    outcome
  const rows: [string, string][] = [
    ['seed', String(seed)],
    ['minutes', number.format(minutes)],
    ['kills', `${kills}, and ${restarts} restarts in order`],
    ['messages sent', number.format(sending.sent)],
    ['acknowledged', number.format(ledger.acknowledged)],
    ['resent', number.format(sending.resent)],
    [
      'contributions',
      `${number.format(ledger.promised.size)} recorded, ${number.format(ledger.conflicts)} conflicts refused`,
    ],
    ['events', number.format(events)],
    ['reads', describeStatuses(statuses)],
    ['numbers compared', `${number.format(findings.compared)} in ${number.format(examinedSeconds)} s`],
    ['memory', `${number.format(process.resourceUsage().maxRSS / 1024)} MiB at most in this process`],
    ['differences', number.format(findings.differences)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const omitted = findings.differences - findings.described.length
  const rest = omitted > 0 ? [`… and ${number.format(omitted)} more differences`] : []
  return [...findings.described, ...rest, ...lines].join('\n')
}
