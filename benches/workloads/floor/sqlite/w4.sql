-- ?1 person, ?2 today, ?3 and ?4 the first instant of the days of the meetings and the one after the last
SELECT json_object('person', (
    SELECT json_object(
        'name', h.given_name || ' ' || h.family_name,
        'tenures', (
            SELECT json_group_array(json_object(
                'position', json_object('title', t.title, 'organisation', json_object('name', t.name)),
                'period', json_object('from', nullif(t.valid_from, '0001-01-01'), 'until', nullif(t.valid_until, '9999-12-31'))
            ))
            FROM (
                SELECT q.title, n.name, t.valid_from, t.valid_until
                FROM tenure t
                JOIN position q ON q.id = t.position_id
                JOIN organisation_name n ON n.organisation_id = q.organisation_id AND n.valid_from <= ?2 AND n.valid_until > ?2
                WHERE t.person_id = h.id
                ORDER BY t.valid_from DESC, t.id
            ) t
        ),
        'memberships', json_object('nodes', (
            SELECT json_group_array(json_object(
                'role', CASE m.role WHEN 1 THEN 'CHAIR' WHEN 2 THEN 'VICE_CHAIR' WHEN 3 THEN 'MEMBER' WHEN 4 THEN 'SUBSTITUTE'
                    WHEN 5 THEN 'ADJUNCT' WHEN 6 THEN 'SECRETARY' WHEN 7 THEN 'CONVENER' WHEN 8 THEN 'OBSERVER' ELSE 'CONTACT' END,
                'period', json_object('from', nullif(m.valid_from, '0001-01-01'), 'until', nullif(m.valid_until, '9999-12-31')),
                'group', json_object('name', m.name, 'slug', m.slug, 'meetings', json_object('nodes', (
                    SELECT json_group_array(json_object(
                        'startsAt', strftime('%Y-%m-%dT%H:%M:%S', e.starts_at / 1000000, 'unixepoch', 'localtime')
                            || CASE unixepoch(e.starts_at / 1000000, 'unixepoch', 'localtime') - e.starts_at / 1000000
                                WHEN 3600 THEN '+01:00' ELSE '+02:00' END,
                        'place', (
                            SELECT i.place FROM sitting i WHERE i.meeting_id = e.id AND i.place IS NOT NULL
                            ORDER BY i.starts_at, i.id LIMIT 1
                        )
                    ))
                    FROM (
                        SELECT DISTINCT e.starts_at, e.id
                        FROM sitting_group sg
                        JOIN meeting e ON e.id = sg.meeting_id
                        -- A group's sitting lies in its meeting, and no meeting is longer than 32 days.
                        WHERE sg.group_id = m.group_id
                            AND sg.starts_at >= ?3 - 2764800000000 AND sg.starts_at < ?4 + 2764800000000
                            AND e.starts_at < ?4
                            AND (e.starts_at >= ?3 OR EXISTS (
                                SELECT 1 FROM sitting_group o WHERE o.meeting_id = e.id AND o.starts_at < ?4 AND o.ends_at > ?3))
                        ORDER BY e.starts_at, e.id
                        LIMIT 10
                    ) e
                )))
            ))
            FROM (
                SELECT m.valid_from, m.valid_until, s.role, s.group_id, g.name, g.slug
                FROM membership m
                JOIN seat s ON s.id = m.seat_id
                JOIN "group" g ON g.id = s.group_id
                WHERE m.person_id = h.id
                ORDER BY m.valid_from DESC, m.id DESC
                LIMIT 50
            ) m
        ))
    )
    FROM person h
    WHERE h.id = ?1
))
