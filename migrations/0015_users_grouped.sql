-- A row for each group that a user leaves or enters. Names have no character that JSON would escape.
CREATE TRIGGER users_grouped AFTER UPDATE OF groups ON users WHEN NEW.groups IS NOT OLD.groups BEGIN
  DELETE FROM group_members WHERE user_id = NEW.id
    AND name IN (SELECT value FROM json_each(iif(OLD.groups <> '', '["' || replace(OLD.groups, ' ', '","') || '"]', '[]')))
    AND name NOT IN (SELECT value FROM json_each(iif(NEW.groups <> '', '["' || replace(NEW.groups, ' ', '","') || '"]', '[]')));
  INSERT INTO group_members (name, user_id) SELECT value, NEW.id FROM json_each(iif(NEW.groups <> '', '["' || replace(NEW.groups, ' ', '","') || '"]', '[]'))
    WHERE value NOT IN (SELECT value FROM json_each(iif(OLD.groups <> '', '["' || replace(OLD.groups, ' ', '","') || '"]', '[]')));
END;
