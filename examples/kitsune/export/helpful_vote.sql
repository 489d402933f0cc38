-- Helpful votes, credited to the answer's author, without votes for one's own answers. A voter who left is NULL.
\ir start.sql
SELECT json_strip_nulls(json_build_object(
  'type', 'helpful_vote',
  'user', json_build_object('id', answer.creator_id),
  'occurred_at', to_char(vote.created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'questions.answervote', 'id', vote.id),
  'parent', json_build_object('type', 'questions.answer', 'id', vote.answer_id),
  'locale', nullif(question.locale, ''),
  'product', lower(product.slug)))
FROM questions_answervote vote
JOIN questions_answer answer ON answer.id = vote.answer_id
JOIN questions_question question ON question.id = answer.question_id
LEFT JOIN products_product product ON product.id = question.product_id
WHERE vote.helpful AND vote.creator_id IS DISTINCT FROM answer.creator_id
  AND answer.creator_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system');
