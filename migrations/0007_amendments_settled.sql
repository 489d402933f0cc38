-- An amendment that arrives after the contributions that it covers.
CREATE TRIGGER amendments_settled AFTER INSERT ON amendments BEGIN
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reversals
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND (NEW.type = '' OR type = NEW.type);
  INSERT INTO events (type, content_type, content_id, entry, user_id, occurred_at, parent_type, parent_id, locale, product, self, reason, recorded_at)
  SELECT *, NEW.recorded_at FROM missing_reinstatements
  WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND (NEW.type = '' OR type = NEW.type);
END;
