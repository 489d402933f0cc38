-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :since = 2000-01-01 00:00
-- Topics of public categories that were deleted since the time given. They count: lists say that they are deleted.
SELECT topic.id, json_build_object(
  'type', 'content.deleted',
  'timestamp', to_char(topic.deleted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object('content', json_build_object('type', 'discourse.topic', 'id', topic.id)))::text AS line
FROM topics topic
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE topic.id > :after AND topic.deleted_at >= :since AND topic.archetype = 'regular'
ORDER BY topic.id
LIMIT :rows
