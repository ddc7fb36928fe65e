-- $1 person, $2 today, $3 and $4 the first instant of the days of the meetings and the one after the last
SELECT json_build_object('person', (
    SELECT json_build_object(
        'name', h.given_name || ' ' || h.family_name,
        'tenures', tenures.list,
        'memberships', json_build_object('nodes', memberships.nodes)
    )
    FROM person h
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(json_build_object(
            'position', json_build_object('title', q.title, 'organisation', json_build_object('name', n.name)),
            'period', json_build_object('from', nullif(t.valid_from, '0001-01-01'), 'until', nullif(t.valid_until, '9999-12-31'))
        ) ORDER BY t.valid_from DESC, t.id), '[]'::json) AS list
        FROM tenure t
        JOIN position q ON q.id = t.position_id
        JOIN organisation_name n ON n.organisation_id = q.organisation_id AND n.valid_from <= $2 AND n.valid_until > $2
        WHERE t.person_id = h.id
    ) tenures
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(json_build_object(
            'role', (ARRAY['CHAIR', 'VICE_CHAIR', 'MEMBER', 'SUBSTITUTE', 'ADJUNCT', 'SECRETARY', 'CONVENER', 'OBSERVER', 'CONTACT'])[s.role],
            'period', json_build_object('from', nullif(m.valid_from, '0001-01-01'), 'until', nullif(m.valid_until, '9999-12-31')),
            'group', json_build_object('name', g.name, 'slug', g.slug, 'meetings', json_build_object('nodes', meetings.nodes))
        ) ORDER BY m.valid_from DESC, m.id DESC), '[]'::json) AS nodes
        FROM (
            SELECT m.id, m.seat_id, m.valid_from, m.valid_until
            FROM membership m
            WHERE m.person_id = h.id
            ORDER BY m.valid_from DESC, m.id DESC
            LIMIT 50
        ) m
        JOIN seat s ON s.id = m.seat_id
        JOIN "group" g ON g.id = s.group_id
        CROSS JOIN LATERAL (
            SELECT coalesce(json_agg(json_build_object(
                'startsAt', to_timestamp(e.starts_at::float8 / 1e6::float8),
                'place', (SELECT i.place FROM sitting i WHERE i.meeting_id = e.id AND i.place IS NOT NULL ORDER BY i.starts_at, i.id LIMIT 1)
            ) ORDER BY e.starts_at, e.id), '[]'::json) AS nodes
            FROM (
                SELECT DISTINCT e.starts_at, e.id
                FROM sitting_group sg
                JOIN meeting e ON e.id = sg.meeting_id
                -- A group's sitting lies in its meeting, and no meeting is longer than 32 days.
                WHERE sg.group_id = g.id AND sg.starts_at >= $3 - 2764800000000 AND sg.starts_at < $4 + 2764800000000
                    AND e.starts_at < $4
                    AND (e.starts_at >= $3
                        OR EXISTS (SELECT 1 FROM sitting_group o WHERE o.meeting_id = e.id AND o.starts_at < $4 AND o.ends_at > $3))
                ORDER BY e.starts_at, e.id
                LIMIT 10
            ) e
        ) meetings
    ) memberships
    WHERE h.id = $1
))::text
