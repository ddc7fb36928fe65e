-- $1 slug, $2 today
SELECT json_build_object('group', (
    SELECT json_build_object('name', g.name, 'members', json_build_object('nodes', members.nodes))
    FROM "group" g
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(json_build_object(
            'role', (ARRAY['CHAIR', 'VICE_CHAIR', 'MEMBER', 'SUBSTITUTE', 'ADJUNCT', 'SECRETARY', 'CONVENER', 'OBSERVER', 'CONTACT'])[m.role],
            'person', json_build_object('name', m.given_name || ' ' || m.family_name, 'contactPoints', contact.points),
            'onBehalfOf', CASE WHEN n.id IS NOT NULL THEN json_build_object('name', n.name) END
        ) ORDER BY m.role, m.sort_key, m.id), '[]'::json) AS nodes
        FROM (
            SELECT s.role, h.sort_key, m.id, m.person_id, m.on_behalf_of_id, h.given_name, h.family_name
            FROM seat s
            JOIN membership m ON m.seat_id = s.id AND m.valid_from <= $2 AND m.valid_until > $2
            JOIN person h ON h.id = m.person_id
            WHERE s.group_id = g.id
            ORDER BY s.role, h.sort_key, m.id
            LIMIT 20
        ) m
        LEFT JOIN organisation_name n
            ON n.organisation_id = m.on_behalf_of_id AND n.valid_from <= $2 AND n.valid_until > $2
        CROSS JOIN LATERAL (
            SELECT coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value) ORDER BY c.kind, c.ordinal, c.id), '[]'::json) AS points
            FROM contact_point c
            WHERE c.subject_id = m.person_id AND c.valid_from <= $2 AND c.valid_until > $2
        ) contact
    ) members
    WHERE g.slug = $1
))::text
