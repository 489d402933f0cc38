-- The log and what is kept beside it. Hand-written: drizzle cannot say STRICT, WITHOUT ROWID or triggers.
-- Frozen once landed: a change is a new migration. test/log/schema.test.ts holds it against src/log/schema.ts.
-- Comments have no apostrophe, no semicolon and no word of the syntax of triggers: some splitters read them as SQL.

-- One row. A projection of another epoch throws itself away and rebuilds: renew it after a restore.
CREATE TABLE log (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  epoch    TEXT    NOT NULL,
  complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))  -- the history of every type is declared whole
) STRICT;
INSERT INTO log (id, epoch) VALUES (1, lower(hex(randomblob(16))));

-- The events. A contribution is entry 0, its reversal 1, its reinstatement 2, reversed again 3, and so on.
CREATE TABLE events (
  position     INTEGER PRIMARY KEY CHECK (position > 0),       -- no AUTOINCREMENT: rows never go, so max + 1 is commit order without gaps
  type         TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  content_id   TEXT    NOT NULL,
  entry        INTEGER NOT NULL DEFAULT 0 CHECK (entry >= 0),
  delta        INTEGER NOT NULL GENERATED ALWAYS AS (1 - 2 * (entry % 2)) STORED, -- cannot disagree with entry, so SUM(delta) of an identity is 0 or 1
  user_id      INTEGER NOT NULL,
  occurred_at  INTEGER NOT NULL,
  recorded_at  INTEGER NOT NULL,
  parent_type  TEXT,
  parent_id    TEXT,
  locale       TEXT    NOT NULL DEFAULT '',
  product      TEXT    NOT NULL DEFAULT '',
  self         INTEGER NOT NULL DEFAULT 0 CHECK (self IN (0, 1)),
  reason       TEXT
) STRICT;
CREATE UNIQUE INDEX events_identity ON events (content_id, content_type, type, entry);
CREATE INDEX events_by_user   ON events (user_id, position);
CREATE INDEX events_by_window ON events (type, occurred_at, user_id, delta, locale, product, self);

-- Later facts about contributions. An empty type is every type about the content, and at is the timestamp of the message.
CREATE TABLE corrections (
  content_id   TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  type         TEXT    NOT NULL DEFAULT '',
  at           INTEGER NOT NULL,
  retracted    INTEGER NOT NULL CHECK (retracted IN (0, 1)),
  reason       TEXT,
  recorded_at  INTEGER NOT NULL,
  PRIMARY KEY (content_id, content_type, type, at, retracted)
) STRICT, WITHOUT ROWID;

-- What is known of users: each field with the instant it became true, so that the latest word wins in any order.
CREATE TABLE users (
  id              INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
  revision        INTEGER NOT NULL,                            -- rises with every change: what projections follow
  username        TEXT,
  username_key    TEXT,                                        -- the username folded, for lookups
  username_at     INTEGER,
  display_name    TEXT,
  display_name_at INTEGER,
  avatar_url      TEXT,
  avatar_url_at   INTEGER,
  is_active       INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  is_active_at    INTEGER,
  is_system       INTEGER NOT NULL DEFAULT 0 CHECK (is_system IN (0, 1)),
  is_system_at    INTEGER,
  is_hidden       INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
  is_hidden_at    INTEGER,
  is_erased       INTEGER NOT NULL DEFAULT 0 CHECK (is_erased IN (0, 1)),
  CHECK (is_erased = 0 OR (username IS NULL AND username_key IS NULL AND display_name IS NULL AND avatar_url IS NULL))
) STRICT;
CREATE INDEX users_by_revision ON users (revision);
CREATE INDEX users_by_username ON users (username_key) WHERE username_key IS NOT NULL;

-- How far back the history of each type reaches: first_webhook_at until a backfill declares it, then what it declared.
CREATE TABLE coverage (
  type             TEXT PRIMARY KEY,
  first_webhook_at INTEGER,
  declared_at      INTEGER,
  complete         INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
  since            INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO coverage (type) VALUES ('question'), ('answer'), ('solution'), ('kb_edit'), ('kb_review'), ('helpful_vote');
CREATE TRIGGER coverage_complete AFTER UPDATE OF complete ON coverage WHEN NEW.complete <> OLD.complete BEGIN
  UPDATE log SET complete = NOT EXISTS (SELECT 1 FROM coverage WHERE complete = 0);
END;

-- A contribution that comes after its correction is reversed at once. (The WHEN spares the many that have none.)
CREATE TRIGGER events_corrected AFTER INSERT ON events
WHEN NEW.entry = 0 AND EXISTS (SELECT 1 FROM corrections WHERE content_id = NEW.content_id AND content_type = NEW.content_type) BEGIN
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, recorded_at, parent_type, parent_id, locale, product, self, reason)
  SELECT NEW.type, NEW.content_type, NEW.content_id, 1, NEW.user_id, NEW.occurred_at, NEW.recorded_at, NEW.parent_type, NEW.parent_id, NEW.locale, NEW.product, NEW.self, latest.reason
  FROM (SELECT retracted, reason FROM corrections
        WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type IN ('', NEW.type)
        ORDER BY at DESC, retracted DESC LIMIT 1) latest
  WHERE latest.retracted = 1;
END;

-- A correction that comes second: every contribution it covers whose standing differs from the latest word.
CREATE TRIGGER corrections_applied AFTER INSERT ON corrections BEGIN
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, recorded_at, parent_type, parent_id, locale, product, self, reason)
  SELECT e.type, e.content_type, e.content_id, e.entry + 1, e.user_id, e.occurred_at, NEW.recorded_at, e.parent_type, e.parent_id, e.locale, e.product, e.self, NEW.reason
  FROM events e
  WHERE e.content_id = NEW.content_id AND e.content_type = NEW.content_type AND (NEW.type = '' OR e.type = NEW.type)
    AND NOT EXISTS (SELECT 1 FROM events n WHERE n.content_id = e.content_id AND n.content_type = e.content_type AND n.type = e.type AND n.entry = e.entry + 1)
    AND e.entry % 2 <> (SELECT c.retracted FROM corrections c
                        WHERE c.content_id = e.content_id AND c.content_type = e.content_type AND c.type IN ('', e.type)
                        ORDER BY c.at DESC, c.retracted DESC LIMIT 1);
END;

-- Append-only, whichever way it is tried. recursive_triggers is off in D1, so REPLACE fires no trigger for the row that goes: what comes in is guarded too.
CREATE TRIGGER events_once BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry)
  OR EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER events_gapless BEFORE INSERT ON events            -- NEW.position is -1 here when the database picks it
WHEN NEW.position > (SELECT coalesce(max(position), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'positions have no gaps'); END;
CREATE TRIGGER events_chained BEFORE INSERT ON events
WHEN NEW.entry > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry - 1)
BEGIN SELECT RAISE(ABORT, 'an entry follows the one before it'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER corrections_once BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND at = NEW.at AND retracted = NEW.retracted)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
