-- The locales and products that events have, so that a filter that matches nothing is known without a scan.
-- Grows with the vocabulary of the site, not with its log: a row the first time a value is seen.
CREATE TABLE filter_values (
  field TEXT NOT NULL CHECK (field IN ('locale', 'product')),
  value TEXT NOT NULL,
  PRIMARY KEY (field, value)
) STRICT, WITHOUT ROWID;
INSERT INTO filter_values SELECT DISTINCT 'locale', locale FROM events;
INSERT INTO filter_values SELECT DISTINCT 'product', product FROM events;

CREATE TRIGGER events_filter_values AFTER INSERT ON events
WHEN NEW.entry = 0 AND (NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'locale' AND value = NEW.locale)
  OR NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'product' AND value = NEW.product)) BEGIN
  INSERT INTO filter_values (field, value) SELECT 'locale', NEW.locale
    WHERE NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'locale' AND value = NEW.locale);
  INSERT INTO filter_values (field, value) SELECT 'product', NEW.product
    WHERE NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'product' AND value = NEW.product);
END;
