import { types } from '../../support/oracle.ts'
import type { Logged } from '../../system/support/site.ts'
import type { Examination } from './examination.ts'
import { factsOf, identityOf, type Ledger } from '../traffic/ledger.ts'

const sorted = (lines: Iterable<string>): string[] => [...lines].sort()

/** Checks that each contribution's entries alternate between +1 and −1, and that each −1 repeats the facts of the +1 before it. */
const examineEntries = (log: readonly Logged[], { findings }: Examination): void => {
  for (const [identity, entries] of Map.groupBy(log, identityOf)) {
    const deltas = entries.map(({ delta }) => delta)
    findings.compare(
      `the entries of ${identity}`,
      deltas,
      deltas.map((_, index) => (index % 2 === 0 ? 1 : -1)),
    )
    const isRepeated = entries.every(
      (entry, index) => index % 2 === 0 || factsOf(entry) === factsOf(entries[index - 1] ?? entry),
    )
    findings.require(`the entries of ${identity}`, isRepeated, 'a reversal differs from what it reverses')
  }
}

const examinePromises = (log: readonly Logged[], ledger: Ledger, { findings }: Examination): void => {
  const first = new Map(log.toReversed().map((event) => [identityOf(event), event]))
  findings.compare('how many contributions are recorded', first.size, ledger.promised.size)
  for (const [identity, { position, contribution }] of ledger.promised) {
    const event = first.get(identity)
    findings.compare(`the position of ${identity} in the log`, event?.position, position)
    if (event) findings.compare(`the facts of ${identity} in the log`, factsOf(event), factsOf(contribution))
  }
}

const examineStatus = async (log: readonly Logged[], examination: Examination): Promise<void> => {
  const { oracle, findings, reader } = examination
  const instants = log.map((event) => Date.parse(event.occurred_at)).sort((left, right) => left - right)
  const { as_of: _, ...status } = await reader.readAt('/v1/status', log.length)
  const coverage = types.map((type) => {
    const declared = oracle.declared(type)
    const received = log.find((event) => event.type === type)?.recorded_at
    const known = [declared?.since ?? [], received === undefined ? [] : Date.parse(received)].flat()
    const since = declared?.complete === true || known.length === 0 ? null : Math.min(...known)
    const complete = declared?.complete ?? false
    return [type, { complete, since: since === null ? null : new Date(since).toISOString() }]
  })
  const { position, events, contributions, first_event_at, last_event_at } = status
  const found = { position, events, contributions, first_event_at, last_event_at, coverage: status.coverage }
  findings.compare('/v1/status', found, {
    position: log.length,
    events: log.length,
    contributions: oracle.effective().length,
    first_event_at: new Date(instants.at(0) ?? 0).toISOString(),
    last_event_at: new Date(instants.at(-1) ?? 0).toISOString(),
    coverage: Object.fromEntries(coverage),
  })
}

/** Compares the log: it has every position once, every acknowledged contribution, and sums up to what the oracle counts. */
export const examineLog = async (
  log: readonly Logged[],
  ledger: Ledger,
  examination: Examination,
): Promise<void> => {
  const { oracle, findings } = examination
  findings.compare(
    'positions of the log',
    log.map(({ position }) => position),
    log.map((_, index) => index + 1),
  )
  examineEntries(log, examination)
  examinePromises(log, ledger, examination)
  ledger.checkConflicts()
  const standing = new Map<string, number>()
  for (const event of log) {
    const line = `${identityOf(event)} ${factsOf(event)}`
    standing.set(line, (standing.get(line) ?? 0) + event.delta)
  }
  const stands = [...standing].flatMap(([line, sum]) => (sum === 0 ? [] : [`${line} ${sum}`]))
  const mustStand = oracle.effective().map((one) => `${identityOf(one)} ${factsOf(one)} 1`)
  findings.compare('what stands in the log', sorted(stands), sorted(mustStand))
  await examineStatus(log, examination)
}
