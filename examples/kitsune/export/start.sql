-- Makes psql print one row per line and nothing else, with at most 10,000 rows in memory at a time. COPY is no
-- alternative: it doubles every backslash, and names may contain some.
\set QUIET on
\set ON_ERROR_STOP on
\set FETCH_COUNT 10000
\pset format unaligned
\pset tuples_only on
\pset pager off
-- psql fetches through a cursor. This makes PostgreSQL plan for all rows, not for the first tenth.
SET cursor_tuple_fraction = 1;
-- When the live hooks were installed, and when an earlier export was taken; see README.md, "Deleted contributions".
\if :{?live_since} \else \set live_since infinity
\endif
\if :{?first_export} \else \set first_export infinity
\endif
