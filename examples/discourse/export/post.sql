-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- Replies in public topics, deleted ones too, but not those that moderators found to be spam.
SELECT post.id, json_strip_nulls(json_build_object(
  'type', 'post',
  'user', json_build_object('id', post.user_id),
  'occurred_at', to_char(post.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'content', json_build_object('type', 'discourse.post', 'id', post.id, 'title', left(topic.title, 254)),
  'parent', json_build_object('type', 'discourse.topic', 'id', post.topic_id),
  'product', substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$')))::text AS line
FROM posts post
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE post.id > :after AND post.user_id > 0
  AND topic.archetype = 'regular' AND post.post_type = 1 AND post.post_number > 1
  AND NOT EXISTS (
    SELECT FROM post_actions flag
    WHERE flag.post_id = post.id AND flag.post_action_type_id = 8 AND flag.agreed_at IS NOT NULL)
ORDER BY post.id
LIMIT :rows
