-- Reviews, whether they approved or rejected. Those of deleted revisions left no trace.
\ir start.sql
SELECT json_strip_nulls(json_build_object(
  'type', 'kb_review',
  'user', json_build_object('id', revision.reviewer_id),
  'occurred_at', to_char(revision.reviewed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'content', json_build_object('type', 'wiki.revision', 'id', revision.id),
  'parent', json_build_object('type', 'wiki.document', 'id', revision.document_id),
  'locale', nullif(document.locale, ''),
  'product', (
    SELECT lower(product.slug)
    FROM wiki_document_products document_product
    JOIN products_product product ON product.id = document_product.product_id
    WHERE document_product.document_id = coalesce(document.parent_id, document.id)
    ORDER BY product.id LIMIT 1),
  'self', revision.reviewer_id = revision.creator_id))
FROM wiki_revision revision
JOIN wiki_document document ON document.id = revision.document_id
WHERE revision.reviewer_id IS NOT NULL AND revision.reviewed IS NOT NULL
  AND revision.reviewer_id NOT IN (SELECT user_id FROM users_profile WHERE account_type = 'system');
