-- An erased user is in no group.
CREATE TRIGGER users_ungrouped AFTER UPDATE OF is_erased ON users WHEN NEW.is_erased = 1 AND NEW.groups IS NOT NULL BEGIN
  UPDATE users SET groups = NULL, groups_at = NULL WHERE id = NEW.id;
END;
