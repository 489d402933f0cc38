-- Beside coverage_complete, which keeps the column complete for the Worker of before.
CREATE TRIGGER coverage_completed AFTER UPDATE OF complete ON coverage WHEN NEW.complete <> OLD.complete BEGIN
  UPDATE log SET complete_types = (SELECT json_group_array(type) FROM coverage WHERE complete = 1);
END;
