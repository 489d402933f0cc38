-- The types that are declared complete, as JSON, in the row that every refresh reads anyway. The column complete knows
-- only the six types that 0001 lists. A site may define others, so the Worker compares this list with its definitions.
ALTER TABLE log ADD COLUMN complete_types TEXT NOT NULL DEFAULT '[]';
UPDATE log SET complete_types = (SELECT json_group_array(type) FROM coverage WHERE complete = 1);
