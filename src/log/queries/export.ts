import { and, asc, eq, exists, getTableColumns, gt, lte, sql } from 'drizzle-orm'
import type { Query } from '../database.ts'
import { builder, placeholder, prepareQuery } from './prepareQuery.ts'
import {
  amendments,
  contents,
  corrections,
  coverage,
  events,
  users,
  type EventRow,
  type UserRow,
} from '../schema.ts'

/** A correction as it was recorded. */
export type CorrectionRow = typeof corrections.$inferSelect

/** An amendment as it was recorded. */
export type AmendmentRow = typeof amendments.$inferSelect

type ContentRow = typeof contents.$inferSelect

/** The latest deletion or undeletion of a content, if there was one. */
export type DeletionRow = Pick<ContentRow, 'content_id' | 'content_type' | 'deleted' | 'deleted_at'>

/** A contribution as first recorded, with its content's title and address. */
export type ContributionRow = EventRow & Pick<ContentRow, 'title' | 'title_at' | 'url' | 'url_at'>

const { title, title_at, url, url_at } = contents

const contributionsPage = prepareQuery(
  builder
    .select({ ...getTableColumns(events), title, title_at, url, url_at })
    .from(events)
    .leftJoin(
      contents,
      and(eq(contents.content_id, events.content_id), eq(contents.content_type, events.content_type)),
    )
    .where(
      and(
        gt(events.position, placeholder('after')),
        lte(events.position, placeholder('upTo')),
        eq(events.entry, 0),
      ),
    )
    .orderBy(events.position)
    .limit(placeholder('limit')),
)

/** The contributions with a position in (`after`, `upTo`], in the order recorded; at most `limit`. */
export const readContributions = (
  db: D1Database,
  after: number,
  upTo: number,
  limit: number,
): Query<ContributionRow[]> => contributionsPage(db, { after, upTo, limit })

const { content_id, content_type, type, at, retracted, as_spam } = corrections

const correctionsPage = prepareQuery(
  builder
    .select()
    .from(corrections)
    .where(
      sql`(${content_id}, ${content_type}, ${type}, ${at}, ${retracted}, ${as_spam}) > (${placeholder('content_id')},
        ${placeholder('content_type')}, ${placeholder('type')}, ${placeholder('at')}, ${placeholder('retracted')},
        ${placeholder('as_spam')})`,
    )
    .orderBy(asc(content_id), asc(content_type), asc(type), asc(at), asc(retracted), asc(as_spam))
    .limit(placeholder('limit')),
)

/**
 * The corrections after `last` in key order, or from the first; at most `limit`. Reading them in the order recorded
 * would need an index, which would cost a written row per correction.
 */
export const readCorrections = (
  db: D1Database,
  last: CorrectionRow | undefined,
  limit: number,
): Query<CorrectionRow[]> =>
  correctionsPage(db, {
    content_id: last?.content_id ?? '',
    content_type: last?.content_type ?? '',
    type: last?.type ?? '',
    at: last?.at ?? 0,
    retracted: last?.retracted ?? 0,
    as_spam: last?.as_spam ?? 0,
    limit,
  })

const amendmentsPage = prepareQuery(
  builder
    .select()
    .from(amendments)
    .where(
      sql`(${amendments.content_id}, ${amendments.content_type}, ${amendments.type}, ${amendments.at}, ${amendments.fields})
        > (${placeholder('content_id')}, ${placeholder('content_type')}, ${placeholder('type')}, ${placeholder('at')},
        ${placeholder('fields')})`,
    )
    .orderBy(
      asc(amendments.content_id),
      asc(amendments.content_type),
      asc(amendments.type),
      asc(amendments.at),
      asc(amendments.fields),
    )
    .limit(placeholder('limit')),
)

/** The amendments after `last` in key order, like `readCorrections`. */
export const readAmendments = (
  db: D1Database,
  last: AmendmentRow | undefined,
  limit: number,
): Query<AmendmentRow[]> =>
  amendmentsPage(db, {
    content_id: last?.content_id ?? '',
    content_type: last?.content_type ?? '',
    type: last?.type ?? '',
    at: last?.at ?? 0,
    fields: last?.fields ?? '',
    limit,
  })

const { deleted, deleted_at } = contents

const deletionsPage = prepareQuery(
  builder
    .select({ content_id: contents.content_id, content_type: contents.content_type, deleted, deleted_at })
    .from(contents)
    .where(
      sql`(${contents.content_id}, ${contents.content_type}) > (${placeholder('content_id')}, ${placeholder('content_type')})`,
    )
    .orderBy(asc(contents.content_id), asc(contents.content_type))
    .limit(placeholder('limit')),
)

/**
 * The contents after `last` in key order; at most `limit`. Includes those that were never deleted: one statement that
 * looked for the others could read all contents.
 */
export const readDeletions = (
  db: D1Database,
  last: DeletionRow | undefined,
  limit: number,
): Query<DeletionRow[]> =>
  deletionsPage(db, { content_id: last?.content_id ?? '', content_type: last?.content_type ?? '', limit })

/** A user's row, and whether they have any event. */
export type NamedUserRow = UserRow & { has_events: number }

const eventOfUser = builder
  .select({ position: events.position })
  .from(events)
  .where(eq(events.user_id, users.id))

const usersPage = prepareQuery(
  builder
    .select({ ...getTableColumns(users), has_events: sql<number>`${exists(eventOfUser)}`.as('has_events') })
    .from(users)
    .where(gt(users.id, placeholder('after')))
    .orderBy(users.id)
    .limit(placeholder('limit')),
)

/** The users after an ID, by ID; at most `limit`. */
export const readUsers = (db: D1Database, after: number, limit: number): Query<NamedUserRow[]> =>
  usersPage(db, { after, limit })

/** The coverage of every type, as declared and as observed. */
export const readDeclarations = prepareQuery(builder.select().from(coverage).orderBy(coverage.type))
