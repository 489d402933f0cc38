-- Questions. Deleted ones left no trace.
\ir start.sql
SELECT json_strip_nulls(json_build_object(
  'type', 'question',
  'user', json_build_object('id', question.creator_id),
  'occurred_at', to_char(question.created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'questions.question', 'id', question.id),
  'locale', nullif(question.locale, ''),
  'product', lower(product.slug)))
FROM questions_question question
LEFT JOIN products_product product ON product.id = question.product_id
WHERE NOT question.is_spam
  AND question.creator_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system');
