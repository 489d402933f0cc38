-- Revisions, approved or not. A translation has the products of its original; the first is the oldest.
\ir start.sql
SELECT json_strip_nulls(json_build_object(
  'type', 'kb_edit',
  'user', json_build_object('id', revision.creator_id),
  'occurred_at', to_char(revision.created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'wiki.revision', 'id', revision.id),
  'parent', json_build_object('type', 'wiki.document', 'id', revision.document_id),
  'locale', nullif(document.locale, ''),
  'product', (
    SELECT lower(product.slug)
    FROM wiki_document_products document_product
    JOIN products_product product ON product.id = document_product.product_id
    WHERE document_product.document_id = coalesce(document.parent_id, document.id)
    ORDER BY product.id LIMIT 1)))
FROM wiki_revision revision
JOIN wiki_document document ON document.id = revision.document_id
WHERE revision.creator_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system')
UNION ALL
-- Revisions deleted before the hooks were live. The row does not say which it was, so the identity is the row's own.
SELECT json_strip_nulls(json_build_object(
  'type', 'kb_edit',
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
WHERE kind.app_label = 'wiki' AND kind.model = 'revision'
  AND deleted.contribution_timestamp < :'live_since' AND deleted.created < :'first_export'
  AND deleted.contributor_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system');
