-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :since = 2000-01-01 00:00
-- boolean :count_staff = false
-- People who wrote or liked something, if their account changed since the time given or a suspension ended since then.
SELECT person.id, json_build_object(
  'type', 'user.updated',
  'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'id', person.id,
    'username', person.username,
    'display_name', nullif(left(person.name, 254), ''),
    'is_active', coalesce(person.suspended_till <= now() AT TIME ZONE 'UTC', true),
    'is_system', (person.admin OR person.moderator) AND NOT :count_staff))::text AS line
FROM users person
WHERE person.id > 0 AND person.id > :after
  AND (person.updated_at >= :since OR person.suspended_till BETWEEN :since AND now() AT TIME ZONE 'UTC')
  AND (EXISTS (SELECT FROM posts post WHERE post.user_id = person.id)
    OR EXISTS (SELECT FROM post_actions liked WHERE liked.user_id = person.id AND liked.post_action_type_id = 2))
ORDER BY person.id
LIMIT :rows
