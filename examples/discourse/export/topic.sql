-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- Topics in public categories, deleted ones too, but not those that moderators found to be spam.
SELECT topic.id, json_strip_nulls(json_build_object(
  'type', 'topic',
  'user', json_build_object('id', topic.user_id),
  'occurred_at', to_char(topic.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'content', json_build_object('type', 'discourse.topic', 'id', topic.id, 'title', left(topic.title, 254)),
  'product', substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$')))::text AS line
FROM topics topic
JOIN posts post ON post.topic_id = topic.id AND post.post_number = 1
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE topic.id > :after AND topic.user_id > 0
  AND topic.archetype = 'regular' AND post.post_type = 1
  AND NOT EXISTS (
    SELECT FROM post_actions flag
    WHERE flag.post_id = post.id AND flag.post_action_type_id = 8 AND flag.agreed_at IS NOT NULL)
ORDER BY topic.id
LIMIT :rows
