-- A contribution that arrives after facts about it. The condition spares the many that have none.
DROP TRIGGER events_corrected;
CREATE TRIGGER events_settled AFTER INSERT ON events
WHEN NEW.entry = 0 AND (EXISTS (SELECT 1 FROM corrections WHERE content_id = NEW.content_id AND content_type = NEW.content_type)
  OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type)) BEGIN
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reversals
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type;
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reinstatements
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type;
END;
