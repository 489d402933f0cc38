-- An amendment that no later fact can make visible is not stored: every field that it gives is already known from as late
-- an instant, for all that it covers.
CREATE TRIGGER amendments_once BEFORE INSERT ON amendments
WHEN (NEW.user_id IS NULL OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type
    AND type IN ('', NEW.type) AND user_id IS NOT NULL AND (at, user_id) >= (NEW.at, NEW.user_id)))
  AND (NEW.locale IS NULL OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type
    AND type IN ('', NEW.type) AND locale IS NOT NULL AND (at, locale) >= (NEW.at, NEW.locale)))
  AND (NEW.product IS NULL OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type
    AND type IN ('', NEW.type) AND product IS NOT NULL AND (at, product) >= (NEW.at, NEW.product)))
  AND (NEW.parent IS NULL OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type
    AND type IN ('', NEW.type) AND parent IS NOT NULL AND (at, parent) >= (NEW.at, NEW.parent)))
  AND (NEW.self IS NULL OR EXISTS (SELECT 1 FROM amendments WHERE content_id = NEW.content_id AND content_type = NEW.content_type
    AND type IN ('', NEW.type) AND self IS NOT NULL AND (at, self) >= (NEW.at, NEW.self)))
BEGIN SELECT RAISE(IGNORE); END;
