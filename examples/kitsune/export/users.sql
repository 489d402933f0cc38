-- What is known about the contributors now, as whole messages, so that the contributions need not repeat it.
\ir start.sql
SELECT json_build_object(
  'type', 'user.updated',
  'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'data', json_build_object(
    'id', person.id,
    'username', nullif(left(regexp_replace(person.username, '[\u0001-\u001f\u007f-\u009f]', '', 'g'), 254), ''),
    'display_name', nullif(left(regexp_replace(profile.name, '[\u0001-\u001f\u007f-\u009f]', '', 'g'), 254), ''),
    'avatar_url', CASE WHEN profile.fxa_avatar LIKE 'https://%' THEN profile.fxa_avatar END,
    'is_active', person.is_active,
    'is_system', false,
    -- Users in any group of Kitsune's forum board. Which group it is stays on the site.
    'groups', CASE WHEN contributes.user_id IS NULL THEN '[]'::json ELSE '["contributors"]' END))
FROM auth_user person
LEFT JOIN users_profile profile ON profile.user_id = person.id
LEFT JOIN (
  SELECT DISTINCT membership.user_id
  FROM auth_user_groups membership
  JOIN auth_group ON auth_group.id = membership.group_id
  WHERE auth_group.name IN ('kb-contributors', 'l10n-contributors', 'forum-contributors', 'Contributors',
    'Registered as contributor', 'trusted contributors')) contributes ON contributes.user_id = person.id
WHERE profile.account_type IS DISTINCT FROM 'system'
  AND (contributes.user_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM questions_question WHERE creator_id = person.id)
    OR EXISTS (SELECT 1 FROM questions_answer WHERE creator_id = person.id)
    OR EXISTS (SELECT 1 FROM wiki_revision WHERE creator_id = person.id)
    OR EXISTS (SELECT 1 FROM wiki_revision WHERE reviewer_id = person.id)
    OR EXISTS (SELECT 1 FROM community_deletedcontribution WHERE contributor_id = person.id));
