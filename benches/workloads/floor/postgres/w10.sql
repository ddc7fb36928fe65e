-- $1 fund, $2 and $3 the first day of the year and the one after the last, $4 today
SELECT json_build_object('projects', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'name', q.name,
    'owner', CASE WHEN n.id IS NOT NULL THEN json_build_object('name', n.name) END,
    'municipalities', municipalities.names,
    'indicators', indicators.counts
) ORDER BY q.sort_key, q.id), '[]'::json)))::text
FROM (
    SELECT q.id, q.sort_key, q.name, q.owner_id
    FROM project q
    WHERE q.fund = $1 AND q.valid_from < $3 AND q.valid_until > $2
    ORDER BY q.sort_key, q.id
    LIMIT 20
) q
LEFT JOIN organisation_name n ON n.organisation_id = q.owner_id AND n.valid_from <= $4 AND n.valid_until > $4
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('name', m.name) ORDER BY m.sort_key, m.organisation_id), '[]'::json) AS names
    FROM project_municipality l
    JOIN organisation_name m ON m.organisation_id = l.organisation_id AND m.valid_from <= $4 AND m.valid_until > $4
    WHERE l.project_id = q.id
) municipalities
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object(
        'name', i.name, 'target', i.target, 'outcome', i.outcome, 'women', i.women, 'men', i.men
    ) ORDER BY i.ordinal, i.id), '[]'::json) AS counts
    FROM indicator i
    WHERE i.project_id = q.id
) indicators
