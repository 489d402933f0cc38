import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { flagFields, userFields } from '../../contributions/user.ts'
import { amendedFactsOf } from '../../log/corrections.ts'
import type {
  AmendmentRow,
  ContributionRow,
  CorrectionRow,
  DeletionRow,
  NamedUserRow,
} from '../../log/queries/export.ts'
import { contentOf, parentOf } from '../../log/queries/events.ts'
import type { CoverageRow } from '../../log/schema.ts'

/** A line of an export: a webhook message, with the instant at which it was recorded. */
export interface ExportedMessage {
  type: string
  timestamp: string
  /**
   * Only on contributions, corrections and amendments. A backfill preserves it, and then records contributions of
   * system accounts too.
   */
  recorded_at?: string
  data: Record<string, unknown>
}

/** The timestamp of facts that have none. It is older than any other, so every other fact wins. */
const unknownInstant: Instant = 0

const message = (type: string, at: Instant, data: Record<string, unknown>): ExportedMessage => ({
  type,
  timestamp: formatInstant(at),
  data,
})

const recorded = (
  { recorded_at: recordedAt }: { recorded_at: Instant },
  { type, timestamp, data }: ExportedMessage,
): ExportedMessage => ({ type, timestamp, recorded_at: formatInstant(recordedAt), data })

/** The title and the address of a content, grouped by the instant at which they became true. */
const labelsOf = ({ title, title_at, url, url_at }: ContributionRow): [Instant, object][] => {
  if (title_at === null || url_at === null || title_at === url_at) {
    const at = title_at ?? url_at
    return at === null ? [] : [[at, { ...(title !== null && { title }), ...(url !== null && { url }) }]]
  }
  return [
    [title_at, { title }],
    [url_at, { url }],
  ]
}

/**
 * A contribution with only the ID of its user, because names are exported in messages about users. If title and address
 * became true at different instants, returns two messages, the second of which repeats the contribution.
 */
export const toCreated = (row: ContributionRow): ExportedMessage[] => {
  const parent = parentOf(row)
  const labels = labelsOf(row)
  return (labels.length === 0 ? [[row.occurred_at, {}] as const] : labels).map(([at, label]) => {
    const created = message('contribution.created', at, {
      type: row.type,
      user: { id: row.user_id },
      occurred_at: formatInstant(row.occurred_at),
      content: { ...contentOf(row), ...label },
      ...(parent && { parent }),
      ...(row.locale !== '' && { locale: row.locale }),
      ...(row.product !== '' && { product: row.product }),
      ...(row.self === 1 && { self: true }),
    })
    return recorded(row, created)
  })
}

export const toCorrection = (row: CorrectionRow): ExportedMessage => {
  const type = row.retracted === 1 ? 'contribution.retracted' : 'contribution.restored'
  const correction = message(type, row.at, {
    content: contentOf(row),
    ...(row.type !== '' && { type: row.type }),
    ...(row.reason !== null && { reason: row.reason }),
  })
  return recorded(row, correction)
}

export const toAmendment = (row: AmendmentRow): ExportedMessage => {
  const { userId, ...facts } = amendedFactsOf(row.fields)
  const amendment = message('contribution.amended', row.at, {
    content: contentOf(row),
    ...(row.type !== '' && { type: row.type }),
    set: {
      ...(userId !== undefined && { user: { id: userId } }),
      ...facts,
      ...(facts.locale === '' && { locale: null }),
      ...(facts.product === '' && { product: null }),
    },
  })
  return recorded(row, amendment)
}

/** The latest deletion or undeletion of a content. */
export const toDeletion = (row: DeletionRow): ExportedMessage =>
  message(row.deleted === 1 ? 'content.deleted' : 'content.undeleted', row.deleted_at ?? unknownInstant, {
    content: contentOf(row),
  })

/**
 * The facts about a user: one message for each instant at which a field was set, and one for an erasure. A user without
 * facts or contributions gets a message with only the ID.
 */
export const toUserMessages = (row: NamedUserRow): ExportedMessage[] => {
  const byInstant = new Map<Instant, Record<string, unknown>>()
  for (const field of userFields) {
    const at = row[`${field}_at`]
    if (at === null) continue
    const data = byInstant.get(at) ?? { id: row.id }
    data[field] = flagFields.some((flag) => flag === field) ? row[field] === 1 : row[field]
    byInstant.set(at, data)
  }
  if (row.groups_at !== null) {
    const groups = (row.groups ?? '').split(' ').filter((name) => name !== '')
    byInstant.set(row.groups_at, { id: row.id, ...byInstant.get(row.groups_at), groups })
  }
  const updates = [...byInstant]
    .sort(([left], [right]) => left - right)
    .map(([at, data]) => message('user.updated', at, data))
  if (row.is_erased === 1) return [...updates, message('user.erased', unknownInstant, { id: row.id })]
  if (updates.length > 0 || row.has_events === 1) return updates
  return [message('user.updated', unknownInstant, { id: row.id })]
}

/** The declared coverage of a type, or the instant since which webhooks have covered it. Empty if neither is known. */
export const toDeclarations = (row: CoverageRow): ExportedMessage[] => {
  const { type, declared_at: at, complete, first_webhook_at: live } = row
  if (complete === 1) return [message('coverage.declared', at ?? unknownInstant, { type, complete: true })]
  const instants = [row.since, live].filter((instant) => instant !== null)
  if (at === null && instants.length === 0) return []
  const since = instants.length === 0 ? {} : { since: formatInstant(Math.min(...instants)) }
  return [message('coverage.declared', at ?? unknownInstant, { type, complete: false, ...since })]
}
