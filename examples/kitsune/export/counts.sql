-- What the site counts now, for `npm run reconcile`: psql -X -f export/counts.sql > counts.ndjson
\ir start.sql
SELECT json_build_object('user_id', person, 'type', type, 'count', count(*))
FROM (
  SELECT creator_id AS person, 'question' AS type FROM questions_question WHERE NOT is_spam
  UNION ALL
  SELECT answer.creator_id, 'answer'
  FROM questions_answer answer
  JOIN questions_question question ON question.id = answer.question_id
  WHERE NOT answer.is_spam AND NOT question.is_spam
  UNION ALL
  SELECT answer.creator_id, 'solution'
  FROM questions_question question
  JOIN questions_answer answer ON answer.id = question.solution_id
  WHERE NOT answer.is_spam AND NOT question.is_spam
  UNION ALL
  SELECT creator_id, 'kb_edit' FROM wiki_revision
  UNION ALL
  SELECT reviewer_id, 'kb_review' FROM wiki_revision WHERE reviewer_id IS NOT NULL AND reviewed IS NOT NULL
  UNION ALL
  SELECT answer.creator_id, 'helpful_vote'
  FROM questions_answervote vote
  JOIN questions_answer answer ON answer.id = vote.answer_id
  WHERE vote.helpful AND vote.creator_id IS DISTINCT FROM answer.creator_id) contribution
WHERE person NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system')
GROUP BY person, type
ORDER BY person, type;
