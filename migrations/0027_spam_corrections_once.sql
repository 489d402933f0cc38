-- REPLACE turns a NULL into its default only after this trigger, so the guard reads NULL as that default.
CREATE TRIGGER corrections_once BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = coalesce(NEW.type, '') AND at = NEW.at
  AND retracted = NEW.retracted AND (coalesce(NEW.as_spam, 0) = 0 OR reason = 'spam'))
BEGIN SELECT RAISE(IGNORE); END;
