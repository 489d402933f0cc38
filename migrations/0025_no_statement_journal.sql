-- An insert into events calls no function and never aborts, so SQLite keeps no journal of the statement, which is a copy
-- of each page that it changes. A failure still undoes the whole transaction of D1.
DROP TRIGGER events_guarded;
CREATE TRIGGER events_guarded BEFORE INSERT ON events BEGIN
  SELECT iif(NEW.entry > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry - 1),
    RAISE(FAIL, 'an entry follows the one before it'),
    iif(NEW.position > 0 AND NEW.position > (SELECT coalesce(max(position), 0) + 1 FROM events),
      RAISE(FAIL, 'positions have no gaps'),
      iif(EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = coalesce(NEW.entry, 0))
          OR (NEW.position > 0 AND EXISTS (SELECT 1 FROM events WHERE position = NEW.position)),
        RAISE(IGNORE),
        NULL)));
END;

-- The same views without functions. json_each has no row for a field that an amendment did not give. It also has a column
-- named parent, so the amended one is called new_parent.
DROP VIEW settled;
CREATE VIEW settled AS
SELECT type, content_type, content_id, user_id, locale, product, self,
  iif(new_parent IS NULL, parent_type, iif(new_parent = '', NULL, (SELECT value FROM json_each(new_parent, '$.type')))) AS parent_type,
  iif(new_parent IS NULL, parent_id, iif(new_parent = '', NULL, (SELECT value FROM json_each(new_parent, '$.id')))) AS parent_id,
  retracted, reason
FROM (SELECT e.type, e.content_type, e.content_id, e.parent_type, e.parent_id,
    coalesce((SELECT value FROM amendments AS a CROSS JOIN json_each(a.fields, '$.user_id') WHERE a.content_id = e.content_id AND a.content_type = e.content_type
      AND a.type IN ('', e.type) AND value IS NOT NULL ORDER BY a.at DESC, value DESC LIMIT 1), e.user_id) AS user_id,
    coalesce((SELECT value FROM amendments AS a CROSS JOIN json_each(a.fields, '$.locale') WHERE a.content_id = e.content_id AND a.content_type = e.content_type
      AND a.type IN ('', e.type) AND value IS NOT NULL ORDER BY a.at DESC, value DESC LIMIT 1), e.locale) AS locale,
    coalesce((SELECT value FROM amendments AS a CROSS JOIN json_each(a.fields, '$.product') WHERE a.content_id = e.content_id AND a.content_type = e.content_type
      AND a.type IN ('', e.type) AND value IS NOT NULL ORDER BY a.at DESC, value DESC LIMIT 1), e.product) AS product,
    coalesce((SELECT value FROM amendments AS a CROSS JOIN json_each(a.fields, '$.self') WHERE a.content_id = e.content_id AND a.content_type = e.content_type
      AND a.type IN ('', e.type) AND value IS NOT NULL ORDER BY a.at DESC, value DESC LIMIT 1), e.self) AS self,
    (SELECT value FROM amendments AS a CROSS JOIN json_each(a.fields, '$.parent') WHERE a.content_id = e.content_id AND a.content_type = e.content_type
      AND a.type IN ('', e.type) AND value IS NOT NULL ORDER BY a.at DESC, value DESC LIMIT 1) AS new_parent,
    coalesce((SELECT retracted FROM corrections AS c WHERE c.content_id = e.content_id AND c.content_type = e.content_type
      AND c.type IN ('', e.type) ORDER BY c.at DESC, c.retracted DESC LIMIT 1), 0) AS retracted,
    (SELECT reason FROM corrections AS c WHERE c.content_id = e.content_id AND c.content_type = e.content_type
      AND c.type IN ('', e.type) ORDER BY c.at DESC, c.retracted DESC LIMIT 1) AS reason
  FROM events AS e WHERE e.entry = 0);
DROP VIEW last_entries;
CREATE VIEW last_entries AS
SELECT last.*, settled.user_id AS settled_user_id, settled.locale AS settled_locale, settled.product AS settled_product,
  settled.self AS settled_self, settled.parent_type AS settled_parent_type, settled.parent_id AS settled_parent_id,
  settled.retracted, settled.reason AS correction_reason
FROM settled CROSS JOIN events AS last ON last.content_id = settled.content_id AND last.content_type = settled.content_type
  AND last.type = settled.type AND last.entry = (SELECT max(e.entry) FROM events AS e
    WHERE e.content_id = settled.content_id AND e.content_type = settled.content_type AND e.type = settled.type);
