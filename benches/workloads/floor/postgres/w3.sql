-- $1 where the sort keys of what begins with some letters begin, $2 where they end
SELECT json_build_object('people', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'name', h.given_name || ' ' || h.family_name,
    'memberships', json_build_object('nodes', memberships.nodes)
) ORDER BY h.sort_key, h.id), '[]'::json)))::text
FROM (
    SELECT h.id, h.given_name, h.family_name, h.sort_key
    FROM person h
    WHERE h.sort_key >= $1 AND h.sort_key < $2
    ORDER BY h.sort_key, h.id
    LIMIT 20
) h
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object(
        'role', (ARRAY['CHAIR', 'VICE_CHAIR', 'MEMBER', 'SUBSTITUTE', 'ADJUNCT', 'SECRETARY', 'CONVENER', 'OBSERVER', 'CONTACT'])[s.role],
        'group', json_build_object('name', g.name),
        'period', json_build_object('from', nullif(m.valid_from, '0001-01-01'), 'until', nullif(m.valid_until, '9999-12-31'))
    ) ORDER BY m.valid_from DESC, m.id DESC), '[]'::json) AS nodes
    FROM (
        SELECT m.id, m.seat_id, m.valid_from, m.valid_until
        FROM membership m
        WHERE m.person_id = h.id
        ORDER BY m.valid_from DESC, m.id DESC
        LIMIT 10
    ) m
    JOIN seat s ON s.id = m.seat_id
    JOIN "group" g ON g.id = s.group_id
) memberships
