-- An amendment brings locales and products that no contribution may have had.
CREATE TRIGGER amendments_filter_values AFTER INSERT ON amendments
WHEN NEW.locale IS NOT NULL OR NEW.product IS NOT NULL BEGIN
  INSERT INTO filter_values (field, value) SELECT 'locale', NEW.locale
    WHERE NEW.locale IS NOT NULL AND NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'locale' AND value = NEW.locale);
  INSERT INTO filter_values (field, value) SELECT 'product', NEW.product
    WHERE NEW.product IS NOT NULL AND NOT EXISTS (SELECT 1 FROM filter_values WHERE field = 'product' AND value = NEW.product);
END;
