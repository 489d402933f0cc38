-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :since = 2000-01-01 00:00
-- Posts of public categories that were deleted since the time given. They count: lists say that they are deleted.
SELECT post.id, json_build_object(
  'type', 'content.deleted',
  'timestamp', to_char(post.deleted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object('content', json_build_object('type', 'discourse.post', 'id', post.id)))::text AS line
FROM posts post
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE post.id > :after AND post.deleted_at >= :since AND topic.archetype = 'regular'
  AND post.post_type = 1 AND post.post_number > 1
ORDER BY post.id
LIMIT :rows
