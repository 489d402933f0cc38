-- Titles from before a retraction as spam are never shown, so that reason is part of what identifies a correction: one
-- as spam is kept beside one of the same instant for another reason, whichever came first.
CREATE TABLE corrections_before AS SELECT * FROM corrections;
DROP TABLE corrections;
CREATE TABLE corrections (
  content_id   TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  type         TEXT    NOT NULL DEFAULT '',
  at           INTEGER NOT NULL,
  retracted    INTEGER NOT NULL CHECK (retracted IN (0, 1)),
  reason       TEXT,
  recorded_at  INTEGER NOT NULL,
  as_spam      INTEGER NOT NULL DEFAULT 0 CHECK (as_spam = 0 OR (as_spam = 1 AND retracted = 1 AND reason IS 'spam')),
  PRIMARY KEY (content_id, content_type, type, at, retracted, as_spam)
) STRICT, WITHOUT ROWID;
INSERT INTO corrections SELECT content_id, content_type, type, at, retracted, reason, recorded_at, retracted AND reason IS 'spam'
  FROM corrections_before ORDER BY content_id, content_type, type, at, retracted;
DROP TABLE corrections_before;
-- In the same migration, so that no correction is recorded without its entries.
CREATE TRIGGER corrections_settled AFTER INSERT ON corrections BEGIN
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reversals
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND (NEW.type = '' OR type = NEW.type);
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reinstatements
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND (NEW.type = '' OR type = NEW.type);
END;
