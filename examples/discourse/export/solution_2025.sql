-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- datetime :until = 2100-01-01 00:00
-- Solutions of public topics before the time given, for Discourse of 2025, which has no table discourse_solved_topic_answers.
SELECT solved.id, json_strip_nulls(json_build_object(
  'type', 'solution',
  'user', json_build_object('id', post.user_id),
  'occurred_at', to_char(solved.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'content', json_build_object('type', 'discourse.post', 'id', post.id, 'title', left(topic.title, 254)),
  'parent', json_build_object('type', 'discourse.topic', 'id', post.topic_id),
  'product', substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$')))::text AS line
FROM discourse_solved_solved_topics solved
JOIN posts post ON post.id = solved.answer_post_id
JOIN topics topic ON topic.id = post.topic_id
JOIN categories category ON category.id = topic.category_id AND NOT category.read_restricted
WHERE solved.id > :after AND solved.created_at < :until AND post.user_id > 0
  AND topic.archetype = 'regular' AND post.post_type = 1
  AND NOT EXISTS (
    SELECT FROM post_actions flag
    WHERE flag.post_id = post.id AND flag.post_action_type_id = 8 AND flag.agreed_at IS NOT NULL)
ORDER BY solved.id
LIMIT :rows
