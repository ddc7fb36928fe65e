-- $1 today, $2 the folded text
SELECT json_build_object('search', json_build_object('nodes', coalesce(json_agg(
    CASE hit.kind
        WHEN 3 THEN json_build_object('__typename', 'Position', 'title', hit.name)
        ELSE json_build_object('__typename', (ARRAY['Organisation', 'Group', NULL, 'Person', 'Agreement', 'Project', 'Event', 'Priority',
            'FollowUpItem', 'Activity', 'Result'])[hit.kind], 'name', hit.name)
    END
    ORDER BY hit.place, hit.sort_key, hit.id), '[]'::json)))::text
FROM (
    SELECT hit.kind, hit.id, hit.sort_key, hit.name,
        CASE
            WHEN hit.search_key = $2 OR hit.search_key LIKE $2 || E'\n%' OR hit.search_key LIKE E'%\n' || $2 THEN 0
            WHEN hit.search_key LIKE $2 || '%' OR hit.search_key LIKE E'%\n' || $2 || '%' THEN 1
            WHEN hit.search_key LIKE '% ' || $2 || '%' THEN 2
            ELSE 3
        END AS place
    FROM (
        SELECT 1 AS kind, o.id, n.sort_key, n.search_key, n.name
        FROM organisation_name n
        JOIN organisation o ON o.id = n.organisation_id
        WHERE n.search_key LIKE '%' || $2 || '%'
            AND n.valid_from <= $1 AND n.valid_until > $1 AND o.valid_from <= $1 AND o.valid_until > $1
        UNION ALL
        SELECT 2, g.id, g.sort_key, g.search_key, g.name
        FROM "group" g
        WHERE g.search_key LIKE '%' || $2 || '%' AND g.valid_from <= $1 AND g.valid_until > $1
        UNION ALL
        SELECT 3, q.id, q.sort_key, q.search_key, q.title
        FROM position q
        WHERE q.search_key LIKE '%' || $2 || '%' AND q.valid_from <= $1 AND q.valid_until > $1
        UNION ALL
        SELECT 4, h.id, h.sort_key, h.search_key, h.given_name || ' ' || h.family_name
        FROM person h
        WHERE h.search_key LIKE '%' || $2 || '%'
        UNION ALL
        SELECT 5, a.id, a.sort_key, a.search_key, a.name
        FROM agreement a
        WHERE a.search_key LIKE '%' || $2 || '%' AND a.valid_from <= $1 AND a.valid_until > $1
        UNION ALL
        SELECT 6, p.id, p.sort_key, p.search_key, p.name
        FROM project p
        WHERE p.search_key LIKE '%' || $2 || '%' AND p.valid_from <= $1 AND p.valid_until > $1
        UNION ALL
        SELECT 7, e.id, e.sort_key, e.search_key, e.name
        FROM event e
        WHERE e.search_key LIKE '%' || $2 || '%'
        UNION ALL
        SELECT 8, x.id, x.sort_key, x.search_key, x.name
        FROM priority x
        WHERE x.search_key LIKE '%' || $2 || '%' AND x.valid_from <= $1 AND x.valid_until > $1
        UNION ALL
        SELECT 9, x.id, x.sort_key, x.search_key, x.name
        FROM follow_up_item x
        WHERE x.search_key LIKE '%' || $2 || '%' AND x.valid_from <= $1 AND x.valid_until > $1
        UNION ALL
        SELECT 10, x.id, x.sort_key, x.search_key, x.name
        FROM activity x
        WHERE x.search_key LIKE '%' || $2 || '%'
        UNION ALL
        SELECT 11, x.id, x.sort_key, x.search_key, x.name
        FROM result x
        WHERE x.search_key LIKE '%' || $2 || '%'
    ) hit
    ORDER BY place, hit.sort_key, hit.id
    LIMIT 20
) hit
