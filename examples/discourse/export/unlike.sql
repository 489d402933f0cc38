-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :since = 2000-01-01 00:00
-- Likes that were taken back since the given time, which Discourse's webhooks do not report.
SELECT liked.id, json_build_object(
  'type', 'contribution.retracted',
  'timestamp', to_char(liked.deleted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'content', json_build_object('type', 'discourse.like', 'id', liked.post_id || '-' || liked.user_id),
    'reason', 'other'))::text AS line
FROM post_actions liked
JOIN posts post ON post.id = liked.post_id
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE liked.id > :after AND liked.post_action_type_id = 2 AND liked.user_id > 0 AND post.user_id > 0
  AND topic.archetype = 'regular' AND post.post_type = 1
  AND liked.deleted_at >= :since
  AND (post.deleted_at IS NULL OR liked.deleted_at < post.deleted_at - interval '1 minute')
ORDER BY liked.id
LIMIT :rows
