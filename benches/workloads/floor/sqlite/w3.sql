-- ?1 where the sort keys of what begins with some letters begin, ?2 where they end
SELECT json_object('people', json_object('nodes', json_group_array(json_object(
    'name', h.name,
    'memberships', json_object('nodes', (
        SELECT json_group_array(json_object(
            'role', CASE m.role WHEN 1 THEN 'CHAIR' WHEN 2 THEN 'VICE_CHAIR' WHEN 3 THEN 'MEMBER' WHEN 4 THEN 'SUBSTITUTE'
                WHEN 5 THEN 'ADJUNCT' WHEN 6 THEN 'SECRETARY' WHEN 7 THEN 'CONVENER' WHEN 8 THEN 'OBSERVER' ELSE 'CONTACT' END,
            'group', json_object('name', m.name),
            'period', json_object('from', nullif(m.valid_from, '0001-01-01'), 'until', nullif(m.valid_until, '9999-12-31'))
        ))
        FROM (
            SELECT m.valid_from, m.valid_until, s.role, g.name
            FROM membership m
            JOIN seat s ON s.id = m.seat_id
            JOIN "group" g ON g.id = s.group_id
            WHERE m.person_id = h.id
            ORDER BY m.valid_from DESC, m.id DESC
            LIMIT 10
        ) m
    ))
))))
FROM (
    SELECT h.id, h.given_name || ' ' || h.family_name AS name
    FROM person h
    WHERE h.sort_key >= ?1 AND h.sort_key < ?2
    ORDER BY h.sort_key, h.id
    LIMIT 20
) h
