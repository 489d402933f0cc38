import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { reversalReasons } from '../contributions/contribution.ts'

/*
 * The tables that migrations/ creates, declared for queries and row types. The DDL is written by hand, because drizzle
 * supports neither STRICT, WITHOUT ROWID nor triggers. test/log/schema.test.ts compares the two.
 */

export const log = sqliteTable('log', {
  id: integer('id').primaryKey(),
  epoch: text('epoch').notNull(),
  complete: integer('complete').notNull().default(0),
  complete_types: text('complete_types').notNull().default('[]'),
})

export const events = sqliteTable(
  'events',
  {
    position: integer('position').primaryKey(),
    type: text('type').notNull(),
    content_type: text('content_type').notNull(),
    content_id: text('content_id').notNull(),
    entry: integer('entry').notNull().default(0),
    delta: integer('delta')
      .notNull()
      .generatedAlwaysAs(sql`1 - 2 * (entry % 2)`, { mode: 'stored' }),
    user_id: integer('user_id').notNull(),
    occurred_at: integer('occurred_at').notNull(),
    recorded_at: integer('recorded_at').notNull(),
    parent_type: text('parent_type'),
    parent_id: text('parent_id'),
    locale: text('locale').notNull().default(''),
    product: text('product').notNull().default(''),
    self: integer('self').notNull().default(0),
    reason: text('reason', { enum: reversalReasons }),
  },
  (table) => [
    uniqueIndex('events_identity').on(table.content_id, table.content_type, table.type, table.entry),
    index('events_by_user').on(table.user_id, table.position, table.type, table.delta),
    index('events_by_window').on(
      table.type,
      table.occurred_at,
      table.user_id,
      table.delta,
      table.locale,
      table.product,
      table.self,
    ),
  ],
)

export const corrections = sqliteTable(
  'corrections',
  {
    content_id: text('content_id').notNull(),
    content_type: text('content_type').notNull(),
    /** '' for every type. */
    type: text('type').notNull().default(''),
    at: integer('at').notNull(),
    retracted: integer('retracted').notNull(),
    reason: text('reason'),
    recorded_at: integer('recorded_at').notNull(),
    /** 1 for a retraction as spam. One at the same instant for another reason is a different correction. */
    as_spam: integer('as_spam').notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.content_id, table.content_type, table.type, table.at, table.retracted, table.as_spam],
    }),
  ],
)

const fields = (field: string) => sql.raw(`fields ->> '${field}'`)

export const amendments = sqliteTable(
  'amendments',
  {
    content_id: text('content_id').notNull(),
    content_type: text('content_type').notNull(),
    /** '' for every type. */
    type: text('type').notNull().default(''),
    at: integer('at').notNull(),
    /** The JSON that corrections.ts writes. The columns after `recorded_at` are generated from it, for the triggers. */
    fields: text('fields').notNull(),
    recorded_at: integer('recorded_at').notNull(),
    user_id: integer('user_id').generatedAlwaysAs(fields('user_id'), { mode: 'virtual' }),
    locale: text('locale').generatedAlwaysAs(fields('locale'), { mode: 'virtual' }),
    product: text('product').generatedAlwaysAs(fields('product'), { mode: 'virtual' }),
    parent: text('parent').generatedAlwaysAs(fields('parent'), { mode: 'virtual' }),
    self: integer('self').generatedAlwaysAs(fields('self'), { mode: 'virtual' }),
  },
  (table) => [
    primaryKey({ columns: [table.content_id, table.content_type, table.type, table.at, table.fields] }),
  ],
)

export const contents = sqliteTable(
  'contents',
  {
    content_id: text('content_id').notNull(),
    content_type: text('content_type').notNull(),
    title: text('title'),
    title_at: integer('title_at'),
    url: text('url'),
    url_at: integer('url_at'),
    deleted: integer('deleted'),
    deleted_at: integer('deleted_at'),
  },
  (table) => [primaryKey({ columns: [table.content_id, table.content_type] })],
)

export const users = sqliteTable(
  'users',
  {
    id: integer('id').primaryKey(),
    revision: integer('revision').notNull(),
    username: text('username'),
    username_key: text('username_key'),
    username_at: integer('username_at'),
    display_name: text('display_name'),
    display_name_at: integer('display_name_at'),
    avatar_url: text('avatar_url'),
    avatar_url_at: integer('avatar_url_at'),
    is_active: integer('is_active').notNull().default(1),
    is_active_at: integer('is_active_at'),
    is_system: integer('is_system').notNull().default(0),
    is_system_at: integer('is_system_at'),
    is_hidden: integer('is_hidden').notNull().default(0),
    is_hidden_at: integer('is_hidden_at'),
    is_erased: integer('is_erased').notNull().default(0),
    groups: text('groups'),
    groups_at: integer('groups_at'),
  },
  (table) => [
    index('users_by_revision').on(table.revision),
    index('users_by_username')
      .on(table.username_key)
      .where(sql`username_key IS NOT NULL`),
  ],
)

export const coverage = sqliteTable('coverage', {
  type: text('type').primaryKey(),
  first_webhook_at: integer('first_webhook_at'),
  declared_at: integer('declared_at'),
  complete: integer('complete').notNull().default(0),
  since: integer('since'),
})

export type EventRow = typeof events.$inferSelect
export type UserRow = typeof users.$inferSelect
export type CoverageRow = typeof coverage.$inferSelect
