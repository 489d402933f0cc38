-- A type that the site defined later has no row until something is known of its coverage.
CREATE TRIGGER coverage_added AFTER INSERT ON coverage WHEN NEW.complete = 1 BEGIN
  UPDATE log SET complete_types = (SELECT json_group_array(type) FROM coverage WHERE complete = 1);
END;
