-- Everything as of one moment: psql -X -f export/all.sql > kitsune.ndjson
\ir start.sql
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
\ir users.sql
\ir question.sql
\ir answer.sql
\ir solution.sql
\ir kb_edit.sql
\ir kb_review.sql
\ir helpful_vote.sql
COMMIT;
