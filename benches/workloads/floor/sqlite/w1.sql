-- ?1 slug, ?2 today
SELECT json_object('group', (
    SELECT json_object('name', g.name, 'members', json_object('nodes', (
        SELECT json_group_array(json_object(
            'role', CASE m.role WHEN 1 THEN 'CHAIR' WHEN 2 THEN 'VICE_CHAIR' WHEN 3 THEN 'MEMBER' WHEN 4 THEN 'SUBSTITUTE'
                WHEN 5 THEN 'ADJUNCT' WHEN 6 THEN 'SECRETARY' WHEN 7 THEN 'CONVENER' WHEN 8 THEN 'OBSERVER' ELSE 'CONTACT' END,
            'person', json_object('name', m.name, 'contactPoints', (
                SELECT json_group_array(json_object('kind', c.kind, 'value', c.value))
                FROM (
                    SELECT c.kind, c.value FROM contact_point c
                    WHERE c.subject_id = m.person_id AND c.valid_from <= ?2 AND c.valid_until > ?2
                    ORDER BY c.kind, c.ordinal, c.id
                ) c
            )),
            'onBehalfOf', (
                SELECT json_object('name', n.name) FROM organisation_name n
                WHERE n.organisation_id = m.on_behalf_of_id AND n.valid_from <= ?2 AND n.valid_until > ?2
            )
        ))
        FROM (
            SELECT s.role, m.person_id, m.on_behalf_of_id, h.given_name || ' ' || h.family_name AS name
            FROM seat s
            JOIN membership m ON m.seat_id = s.id AND m.valid_from <= ?2 AND m.valid_until > ?2
            JOIN person h ON h.id = m.person_id
            WHERE s.group_id = g.id
            ORDER BY s.role, h.sort_key, m.id
            LIMIT 20
        ) m
    )))
    FROM "group" g
    WHERE g.slug = ?1
))
