-- Later values of contributions. An empty type is every type about the content, and at is the timestamp of the message.
-- fields is a JSON object with those of user_id, locale, product, parent and self that the message gave. A parent is the
-- text of a JSON object, or empty for none. The virtual columns are NULL for a field that was not given.
CREATE TABLE amendments (
  content_id   TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  type         TEXT    NOT NULL DEFAULT '',
  at           INTEGER NOT NULL,
  fields       TEXT    NOT NULL CHECK (json_type(fields) = 'object'),
  recorded_at  INTEGER NOT NULL,
  user_id      INTEGER GENERATED ALWAYS AS (fields ->> 'user_id') VIRTUAL,
  locale       TEXT    GENERATED ALWAYS AS (fields ->> 'locale') VIRTUAL,
  product      TEXT    GENERATED ALWAYS AS (fields ->> 'product') VIRTUAL,
  parent       TEXT    GENERATED ALWAYS AS (fields ->> 'parent') VIRTUAL,
  self         INTEGER GENERATED ALWAYS AS (fields ->> 'self') VIRTUAL,
  PRIMARY KEY (content_id, content_type, type, at, fields)
) STRICT, WITHOUT ROWID;

-- What all later facts make of each contribution: the values it counts with, and whether it is retracted. The latest
-- amendment of a field wins, and at the same instant the greatest value.
CREATE VIEW settled AS
SELECT e.type, e.content_type, e.content_id,
  coalesce((SELECT user_id FROM amendments AS a WHERE a.content_id = e.content_id AND a.content_type = e.content_type
    AND a.type IN ('', e.type) AND a.user_id IS NOT NULL ORDER BY a.at DESC, a.user_id DESC LIMIT 1), e.user_id) AS user_id,
  coalesce((SELECT locale FROM amendments AS a WHERE a.content_id = e.content_id AND a.content_type = e.content_type
    AND a.type IN ('', e.type) AND a.locale IS NOT NULL ORDER BY a.at DESC, a.locale DESC LIMIT 1), e.locale) AS locale,
  coalesce((SELECT product FROM amendments AS a WHERE a.content_id = e.content_id AND a.content_type = e.content_type
    AND a.type IN ('', e.type) AND a.product IS NOT NULL ORDER BY a.at DESC, a.product DESC LIMIT 1), e.product) AS product,
  coalesce((SELECT self FROM amendments AS a WHERE a.content_id = e.content_id AND a.content_type = e.content_type
    AND a.type IN ('', e.type) AND a.self IS NOT NULL ORDER BY a.at DESC, a.self DESC LIMIT 1), e.self) AS self,
  nullif(coalesce((SELECT parent FROM amendments AS a WHERE a.content_id = e.content_id AND a.content_type = e.content_type
    AND a.type IN ('', e.type) AND a.parent IS NOT NULL ORDER BY a.at DESC, a.parent DESC LIMIT 1),
    iif(e.parent_type IS NULL, '', json_object('type', e.parent_type, 'id', e.parent_id))), '') AS parent,
  coalesce((SELECT retracted FROM corrections AS c WHERE c.content_id = e.content_id AND c.content_type = e.content_type
    AND c.type IN ('', e.type) ORDER BY c.at DESC, c.retracted DESC LIMIT 1), 0) AS retracted,
  (SELECT reason FROM corrections AS c WHERE c.content_id = e.content_id AND c.content_type = e.content_type
    AND c.type IN ('', e.type) ORDER BY c.at DESC, c.retracted DESC LIMIT 1) AS reason
FROM events AS e WHERE e.entry = 0;

-- The last entry of each contribution, and what all later facts make of it.
CREATE VIEW last_entries AS
SELECT last.*, settled.user_id AS settled_user_id, settled.locale AS settled_locale, settled.product AS settled_product,
  settled.self AS settled_self, settled.parent ->> 'type' AS settled_parent_type, settled.parent ->> 'id' AS settled_parent_id,
  settled.retracted, settled.reason AS correction_reason
FROM settled CROSS JOIN events AS last ON last.content_id = settled.content_id AND last.content_type = settled.content_type
  AND last.type = settled.type AND last.entry = (SELECT max(e.entry) FROM events AS e
    WHERE e.content_id = settled.content_id AND e.content_type = settled.content_type AND e.type = settled.type);

-- The entries that the log lacks. Triggers append the reversals and then the reinstatements whenever a fact arrives, so
-- an amendment of a contribution that stands adds one of each.
CREATE VIEW missing_reversals AS
SELECT type, content_type, content_id, entry + 1 AS entry, user_id, occurred_at, parent_type, parent_id, locale, product, self,
  iif(retracted, correction_reason, 'amended') AS reason
FROM last_entries WHERE delta = 1 AND (retracted
  OR (user_id, locale, product, self) <> (settled_user_id, settled_locale, settled_product, settled_self)
  OR parent_type IS NOT settled_parent_type OR parent_id IS NOT settled_parent_id);
CREATE VIEW missing_reinstatements AS
SELECT type, content_type, content_id, entry + 1 AS entry, settled_user_id AS user_id, occurred_at,
  settled_parent_type AS parent_type, settled_parent_id AS parent_id, settled_locale AS locale, settled_product AS product,
  settled_self AS self, NULL AS reason
FROM last_entries WHERE delta = -1 AND NOT retracted;
