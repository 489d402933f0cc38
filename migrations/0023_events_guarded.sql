-- The three guards of an insert in one trigger: a trigger costs more than the checks in it.
DROP TRIGGER events_once;
DROP TRIGGER events_gapless;
DROP TRIGGER events_chained;
CREATE TRIGGER events_guarded BEFORE INSERT ON events BEGIN      -- NEW.position is -1 here when the database picks it
  SELECT iif(
    EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry)
      OR (NEW.position > 0 AND EXISTS (SELECT 1 FROM events WHERE position = NEW.position)),
    RAISE(IGNORE),
    iif(NEW.position > 0 AND NEW.position > (SELECT coalesce(max(position), 0) + 1 FROM events),
      RAISE(ABORT, 'positions have no gaps'),
      iif(NEW.entry > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry - 1),
        RAISE(ABORT, 'an entry follows the one before it'),
        NULL)));
END;
