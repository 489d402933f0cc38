-- What lists show of contents: the latest title and address, and whether the content is deleted, each with the instant it
-- became true. Changes no number. A row for a content of which a message said any of it.
CREATE TABLE contents (
  content_id   TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  title        TEXT,
  title_at     INTEGER,
  url          TEXT,
  url_at       INTEGER,
  deleted      INTEGER CHECK (deleted IN (0, 1)),
  deleted_at   INTEGER,                                        -- of the latest deletion or undeletion
  PRIMARY KEY (content_id, content_type)
) STRICT, WITHOUT ROWID;
