-- ?1 fund, ?2 and ?3 the first day of the year and the one after the last, ?4 today
SELECT json_object('projects', json_object('nodes', json_group_array(json_object(
    'name', q.name,
    'owner', (
        SELECT json_object('name', n.name) FROM organisation_name n
        WHERE n.organisation_id = q.owner_id AND n.valid_from <= ?4 AND n.valid_until > ?4
    ),
    'municipalities', (
        SELECT json_group_array(json_object('name', l.name))
        FROM (
            SELECT n.name
            FROM project_municipality l
            JOIN organisation_name n ON n.organisation_id = l.organisation_id AND n.valid_from <= ?4 AND n.valid_until > ?4
            WHERE l.project_id = q.id
            ORDER BY n.sort_key, n.organisation_id
        ) l
    ),
    'indicators', (
        SELECT json_group_array(json_object('name', i.name, 'target', i.target, 'outcome', i.outcome, 'women', i.women, 'men', i.men))
        FROM (SELECT * FROM indicator i WHERE i.project_id = q.id ORDER BY i.ordinal, i.id) i
    )
))))
FROM (
    SELECT q.id, q.name, q.owner_id
    FROM project q
    WHERE q.fund = ?1 AND q.valid_from < ?3 AND q.valid_until > ?2
    ORDER BY q.sort_key, q.id
    LIMIT 20
) q
