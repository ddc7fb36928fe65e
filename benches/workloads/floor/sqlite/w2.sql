-- ?1 today, ?2 now, ?3 and ?4 the sort key and the id of the group before the page
SELECT json_object('groups', json_object('nodes', json_group_array(json_object(
    'name', g.name,
    'slug', g.slug,
    'members', json_object('nodes', (
        SELECT json_group_array(json_object(
            'person', json_object('name', m.name),
            'onBehalfOf', (
                SELECT json_object('name', n.name) FROM organisation_name n
                WHERE n.organisation_id = m.on_behalf_of_id AND n.valid_from <= ?1 AND n.valid_until > ?1
            )
        ))
        FROM (
            SELECT m.on_behalf_of_id, h.given_name || ' ' || h.family_name AS name
            FROM seat s
            JOIN membership m ON m.seat_id = s.id AND m.valid_from <= ?1 AND m.valid_until > ?1
            JOIN person h ON h.id = m.person_id
            WHERE s.group_id = g.id
            ORDER BY s.role, h.sort_key, m.id
            LIMIT 5
        ) m
    )),
    -- A meeting counts as long as some sitting of it is to come; none is longer than 32 days.
    'nextMeeting', (
        SELECT json_object(
            'startsAt', strftime('%Y-%m-%dT%H:%M:%S', e.starts_at / 1000000, 'unixepoch', 'localtime')
                || CASE unixepoch(e.starts_at / 1000000, 'unixepoch', 'localtime') - e.starts_at / 1000000
                    WHEN 3600 THEN '+01:00' ELSE '+02:00' END,
            'place', (
                SELECT i.place FROM sitting i WHERE i.meeting_id = e.id AND i.place IS NOT NULL ORDER BY i.starts_at, i.id LIMIT 1
            )
        )
        FROM (
            SELECT e.id, e.starts_at
            FROM sitting_group sg
            JOIN meeting e ON e.id = sg.meeting_id
            WHERE sg.group_id = g.id AND sg.starts_at >= ?2 - 2764800000000 AND e.state <> 'CANCELLED'
                AND (e.starts_at >= ?2 OR EXISTS (SELECT 1 FROM sitting_group o WHERE o.meeting_id = e.id AND o.starts_at >= ?2))
            ORDER BY e.starts_at, e.id
            LIMIT 1
        ) e
    )
))))
FROM (
    SELECT g.id, g.name, g.slug
    FROM "group" g
    WHERE (g.sort_key, g.id) > (?3, ?4) AND g.valid_from <= ?1 AND g.valid_until > ?1
    ORDER BY g.sort_key, g.id
    LIMIT 50
) g
