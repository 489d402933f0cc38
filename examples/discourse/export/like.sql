-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :until = 2100-01-01 00:00
-- Likes of public posts before the time given, two lines for each: one for the liker, one for the author.
-- Discourse takes the likes off a post that it deletes. Those count, while one that was taken back does not.
SELECT liked.id,
  json_strip_nulls(json_build_object(
    'type', 'like_given',
    'user', json_build_object('id', liked.user_id),
    'occurred_at', to_char(liked.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'content', json_build_object('type', 'discourse.like', 'id', liked.post_id || '-' || liked.user_id),
    'parent', json_build_object('type', 'discourse.post', 'id', liked.post_id),
    'product', substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$')))
  || chr(10) ||
  json_strip_nulls(json_build_object(
    'type', 'like_received',
    'user', json_build_object('id', post.user_id),
    'occurred_at', to_char(liked.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'content', json_build_object('type', 'discourse.like', 'id', liked.post_id || '-' || liked.user_id),
    'parent', json_build_object('type', 'discourse.post', 'id', liked.post_id),
    'product', substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$'))) AS line
FROM post_actions liked
JOIN posts post ON post.id = liked.post_id
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE liked.id > :after AND liked.post_action_type_id = 2 AND liked.user_id > 0 AND post.user_id > 0
  AND topic.archetype = 'regular' AND post.post_type = 1
  AND liked.created_at < :until
  AND (liked.deleted_at IS NULL OR liked.deleted_at >= post.deleted_at - interval '1 minute')
ORDER BY liked.id
LIMIT :rows
