-- Answers: not spam, and not on a spam question.
\ir start.sql
SELECT json_strip_nulls(json_build_object(
  'type', 'answer',
  'user', json_build_object('id', answer.creator_id),
  'occurred_at', to_char(answer.created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'questions.answer', 'id', answer.id),
  'parent', json_build_object('type', 'questions.question', 'id', answer.question_id),
  'locale', nullif(question.locale, ''),
  'product', lower(product.slug),
  'self', answer.creator_id = question.creator_id))
FROM questions_answer answer
JOIN questions_question question ON question.id = answer.question_id
LEFT JOIN products_product product ON product.id = question.product_id
WHERE NOT answer.is_spam AND NOT question.is_spam
  AND answer.creator_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system')
UNION ALL
-- Answers deleted before the hooks were live. The row does not say which answer it was, so the identity is the row's own.
SELECT json_strip_nulls(json_build_object(
  'type', 'answer',
  'user', json_build_object('id', deleted.contributor_id),
  'occurred_at', to_char(deleted.contribution_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'community.deletedcontribution', 'id', deleted.id),
  'locale', nullif(deleted.locale, ''),
  'product', (
    SELECT lower(product.slug)
    FROM community_deletedcontribution_products kept_product
    JOIN products_product product ON product.id = kept_product.product_id
    WHERE kept_product.deletedcontribution_id = deleted.id
    ORDER BY product.id LIMIT 1)))
FROM community_deletedcontribution deleted
JOIN django_content_type kind ON kind.id = deleted.content_type_id
WHERE kind.app_label = 'questions' AND kind.model = 'answer'
  AND deleted.contribution_timestamp < :'live_since' AND deleted.created < :'first_export'
  AND deleted.contributor_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system');
