-- REPLACE turns a type that is NULL into its default only after this trigger, so the guard reads NULL as that default.
DROP TRIGGER corrections_once;
CREATE TRIGGER corrections_once BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE content_id = NEW.content_id AND content_type = NEW.content_type AND type = coalesce(NEW.type, '') AND at = NEW.at AND retracted = NEW.retracted)
BEGIN SELECT RAISE(IGNORE); END;
