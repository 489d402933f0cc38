import { eq } from 'drizzle-orm'
import { usernameKey, type Profile } from '../../contributions/user.ts'
import { mapQuery, rowsOf, type Query } from '../database.ts'
import { users, type UserRow } from '../schema.ts'
import { builder, placeholder, prepareQuery } from './prepareQuery.ts'

/** The profile in a row. */
export const profileOf = (row: Pick<UserRow, keyof Profile>): Profile => ({
  id: row.id,
  username: row.username,
  display_name: row.display_name,
  avatar_url: row.avatar_url,
})

const userById = prepareQuery(
  builder
    .select()
    .from(users)
    .where(eq(users.id, placeholder('id'))),
)

/** A user's row; undefined if no message has named them. */
export const readUserRow = (db: D1Database, id: number): Query<UserRow | undefined> =>
  mapQuery(userById(db, { id }), ([user]) => user)

const { id, username, display_name, avatar_url } = users

/** The profiles of users, keyed by ID. Users whom no message has named are missing. */
export const readProfiles = (db: D1Database, ids: readonly number[]): Query<Map<number, Profile>> => ({
  statements: [
    db
      .prepare(
        `SELECT users.id, username, display_name, avatar_url FROM json_each(?) AS wanted
         CROSS JOIN users ON users.id = wanted.value`,
      )
      .bind(JSON.stringify(ids)),
  ],
  read: ([result]) => new Map(rowsOf<Profile>(result).map((profile) => [profile.id, profile])),
})

const usersByKey = prepareQuery(
  builder
    .select({ id, username, display_name, avatar_url })
    .from(users)
    .where(eq(users.username_key, placeholder('key')))
    .orderBy(id)
    .limit(20),
)

/** The users with a username, ignoring case, by ID; at most 20. */
export const findUsersByName = (db: D1Database, name: string): Query<Profile[]> =>
  usersByKey(db, { key: usernameKey(name) })
