-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :since = 2000-01-01 00:00
-- Topics and replies that moderators found to be spam since the time given: the reason of a deletion is in no webhook.
SELECT post.id, json_build_object(
  'type', 'contribution.retracted',
  'timestamp', to_char(max(flag.agreed_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'content', CASE WHEN post.post_number = 1
      THEN json_build_object('type', 'discourse.topic', 'id', post.topic_id)
      ELSE json_build_object('type', 'discourse.post', 'id', post.id) END,
    'reason', 'spam'))::text AS line
FROM post_actions flag
JOIN posts post ON post.id = flag.post_id
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE post.id > :after AND flag.post_action_type_id = 8 AND flag.agreed_at >= :since
  AND topic.archetype = 'regular' AND post.post_type = 1
GROUP BY post.id
ORDER BY post.id
LIMIT :rows
