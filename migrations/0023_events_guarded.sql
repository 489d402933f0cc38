-- The three guards of an insert in one trigger: a trigger costs more than the checks in it. NEW.position is -1 here when
-- the database picks it, and REPLACE turns an entry that is NULL into its default only after this.
DROP TRIGGER events_once;
DROP TRIGGER events_gapless;
DROP TRIGGER events_chained;
CREATE TRIGGER events_guarded BEFORE INSERT ON events BEGIN
  SELECT iif(NEW.entry > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = NEW.entry - 1),
    RAISE(ABORT, 'an entry follows the one before it'),
    iif(NEW.position > 0 AND NEW.position > (SELECT coalesce(max(position), 0) + 1 FROM events),
      RAISE(ABORT, 'positions have no gaps'),
      iif(EXISTS (SELECT 1 FROM events WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = NEW.type AND entry = coalesce(NEW.entry, 0))
          OR (NEW.position > 0 AND EXISTS (SELECT 1 FROM events WHERE position = NEW.position)),
        RAISE(IGNORE),
        NULL)));
END;
