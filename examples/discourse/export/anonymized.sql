-- [params]
-- bigint :after = 0
-- int :rows = 10000
-- People who were made anonymous, which Discourse's webhooks do not report: their profiles are emptied for good.
SELECT person.id, json_build_object(
  'type', 'user.erased',
  'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object('id', person.id))::text AS line
FROM users person
WHERE person.id > 0 AND person.id > :after
  AND EXISTS (
    SELECT FROM user_emails address
    WHERE address.user_id = person.id AND address.email LIKE '%@anonymized.invalid')
ORDER BY person.id
LIMIT :rows
