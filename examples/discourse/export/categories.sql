-- The relay's setting CATEGORIES: the categories that everybody can read, with the name that each has as product.
SELECT json_object_agg(category.id, coalesce(substring(lower(category.slug) FROM '^[a-z0-9][a-z0-9._-]{0,63}$'), '') ORDER BY category.id) AS categories
FROM categories category
WHERE NOT category.read_restricted
