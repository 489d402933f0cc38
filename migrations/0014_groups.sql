-- The groups of a user: the sorted names, joined by spaces, NULL if no message said any. Like any other field, with the
-- instant it became true. Apart from the revision, which is for what boards show, so that a change costs one row here.
ALTER TABLE users ADD COLUMN groups TEXT;
ALTER TABLE users ADD COLUMN groups_at INTEGER;

-- Who is in a group now. A trigger keeps it equal to the users, and an erased user is in none.
CREATE TABLE group_members (
  name    TEXT    NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (name, user_id)
) STRICT, WITHOUT ROWID;
