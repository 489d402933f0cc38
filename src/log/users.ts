import {
  flagFields,
  gather,
  learn,
  profileFields,
  unknownUser,
  userFields,
  usernameKey,
  type KnownUser,
  type UserFacts,
} from '../contributions/user.ts'
import { rowsOf, type Query } from './database.ts'
import type { UserRow } from './schema.ts'

const isProfileField = (field: string): boolean => profileFields.some((name) => name === field)

/** Converts a row to a `KnownUser`. */
const knownFrom = (row: UserRow): KnownUser => {
  const known = unknownUser(row.id)
  known.erased = row.is_erased === 1
  for (const field of userFields) {
    const at = row[`${field}_at`]
    const value = row[field]
    if (at !== null) known.fields.set(field, { value: typeof value === 'number' ? value === 1 : value, at })
  }
  if (row.groups_at !== null) known.fields.set('groups', { value: row.groups, at: row.groups_at })
  return known
}

const columns = ['id', 'is_erased', 'username_key', ...userFields.flatMap((field) => [field, `${field}_at`])]

const toRow = (user: KnownUser): unknown[] => {
  const username = user.fields.get('username')?.value
  return [
    user.id,
    user.erased ? 1 : 0,
    typeof username === 'string' ? usernameKey(username) : null,
    ...userFields.flatMap((field) => {
      const dated = user.fields.get(field)
      return [dated?.value ?? null, dated?.at ?? null]
    }),
  ]
}

const flagDefaults: Record<string, number> = { is_active: 1, is_system: 0, is_hidden: 0 }

const selected = columns.map((column, index) => {
  const value = `value->>${index}`
  return flagFields.some((field) => field === column) ? `coalesce(${value}, ${flagDefaults[column]})` : value
})

// Same rule as `supersedes` in contributions/user.ts: the later value wins; of two with the same instant, the one that
// sorts last by code point, with null first.
const isNewer = (field: string): string => {
  const later = `(excluded.${field}_at > coalesce(users.${field}_at, excluded.${field}_at - 1)
    OR (excluded.${field}_at = users.${field}_at AND excluded.${field} IS NOT NULL
        AND (users.${field} IS NULL OR excluded.${field} > users.${field})))`
  return isProfileField(field) ? `(excluded.is_erased = 0 AND users.is_erased = 0 AND ${later})` : later
}

const assignment = (column: string, field: string): string => {
  const kept = isProfileField(field)
    ? `WHEN excluded.is_erased = 1 OR users.is_erased = 1 THEN NULL ELSE users.${column}`
    : `ELSE users.${column}`
  return `${column} = CASE WHEN ${isNewer(field)} THEN excluded.${column} ${kept} END`
}

const upsert = `INSERT INTO users (revision, ${columns.join(', ')})
  SELECT (SELECT coalesce(max(revision), 0) + 1 FROM users), ${selected.join(', ')} FROM jsonb_each(?1) WHERE true
  ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision,
    is_erased = max(users.is_erased, excluded.is_erased),
    ${assignment('username_key', 'username')},
    ${userFields.flatMap((field) => [assignment(field, field), assignment(`${field}_at`, field)]).join(',\n    ')}
  WHERE excluded.is_erased > users.is_erased OR ${userFields.map(isNewer).join(' OR ')}`

/** Inserts users of whom only the ID is known. Much cheaper than the statement above. */
const insertUserIds = `INSERT INTO users (revision, id)
  SELECT (SELECT coalesce(max(revision), 0) + 1 FROM users), value FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`

// Separate from the upsert, because groups change no indexed column. A trigger writes a row for each group that a user
// joins or leaves.
const updateGroups = `UPDATE users SET groups = said.groups, groups_at = said.at
  FROM (SELECT value->>0 AS id, value->>1 AS groups, value->>2 AS at FROM json_each(?1)) AS said
  WHERE users.id = said.id AND users.is_erased = 0
    AND (users.groups_at IS NULL OR (said.at, said.groups) > (users.groups_at, users.groups))`

/**
 * The number of users in one statement. Even with the longest names, and keys three times as long, they stay below D1's
 * limit of 2 MB.
 */
const usersMax = 200

const isOnlyNamed = ({ fields, erased }: KnownUser): boolean => fields.size === 0 && !erased

/**
 * Stores user facts: the latest value of each field, and that the user exists. Rows written: at most 3 for a user with
 * newer facts, plus, for newer groups, 1 and 1 for each group that changed; 0 for any other.
 */
export const appendUsers = (db: D1Database, facts: readonly UserFacts[]): Query<void> => {
  const gathered = gather(facts)
  // In the order of the table, so that each of its pages is read once.
  const ids = gathered
    .filter(isOnlyNamed)
    .map((user) => user.id)
    .sort((left, right) => left - right)
  const grouped = gathered.flatMap(({ id, fields }) => {
    const groups = fields.get('groups')
    return groups ? [[id, groups.value, groups.at]] : []
  })
  const inParts = (sql: string, rows: readonly unknown[]): D1PreparedStatement[] =>
    Array.from({ length: Math.ceil(rows.length / usersMax) }, (_, part) =>
      db.prepare(sql).bind(JSON.stringify(rows.slice(part * usersMax, (part + 1) * usersMax))),
    )
  return {
    statements: [
      ...(ids.length > 0 ? [db.prepare(insertUserIds).bind(JSON.stringify(ids))] : []),
      ...inParts(upsert, gathered.filter((user) => !isOnlyNamed(user)).map(toRow)),
      ...inParts(updateGroups, grouped),
    ],
    read: () => undefined,
  }
}

/** Whether each fact would be new if they were appended in order. Writes nothing. */
export const compareUsers = (db: D1Database, facts: readonly UserFacts[]): Query<boolean[]> => {
  const ids = JSON.stringify([...new Set(facts.map(({ id }) => id))])
  return {
    statements: [db.prepare('SELECT * FROM users WHERE id IN (SELECT value FROM json_each(?1))').bind(ids)],
    read: ([before]) => {
      const known = new Map(rowsOf<UserRow>(before).map((row) => [row.id, knownFrom(row)]))
      return facts.map((said) => {
        const user = known.get(said.id)
        if (user) return learn(user, said)
        const named = unknownUser(said.id)
        known.set(said.id, named)
        learn(named, said)
        return true
      })
    },
  }
}

/** Like `appendUsers`, and also reports whether each fact was new, applied in order. */
export const appendUserUpdates = (db: D1Database, facts: readonly UserFacts[]): Query<boolean[]> => {
  const compared = compareUsers(db, facts)
  return { ...compared, statements: [...compared.statements, ...appendUsers(db, facts).statements] }
}
