-- $1 today, $2 now, $3 and $4 the sort key and the id of the group before the page
SELECT json_build_object('groups', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'name', g.name,
    'slug', g.slug,
    'members', json_build_object('nodes', members.nodes),
    'nextMeeting', CASE WHEN meeting.id IS NOT NULL
        THEN json_build_object('startsAt', to_timestamp(meeting.starts_at::float8 / 1e6::float8), 'place', place.place) END
) ORDER BY g.sort_key, g.id), '[]'::json)))::text
FROM (
    SELECT g.id, g.name, g.slug, g.sort_key
    FROM "group" g
    WHERE (g.sort_key, g.id) > ($3, $4) AND g.valid_from <= $1 AND g.valid_until > $1
    ORDER BY g.sort_key, g.id
    LIMIT 50
) g
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object(
        'person', json_build_object('name', m.given_name || ' ' || m.family_name),
        'onBehalfOf', CASE WHEN n.id IS NOT NULL THEN json_build_object('name', n.name) END
    ) ORDER BY m.role, m.sort_key, m.id), '[]'::json) AS nodes
    FROM (
        SELECT s.role, h.sort_key, m.id, m.on_behalf_of_id, h.given_name, h.family_name
        FROM seat s
        JOIN membership m ON m.seat_id = s.id AND m.valid_from <= $1 AND m.valid_until > $1
        JOIN person h ON h.id = m.person_id
        WHERE s.group_id = g.id
        ORDER BY s.role, h.sort_key, m.id
        LIMIT 5
    ) m
    LEFT JOIN organisation_name n
        ON n.organisation_id = m.on_behalf_of_id AND n.valid_from <= $1 AND n.valid_until > $1
) members
-- A meeting counts as long as some sitting of it is to come; none is longer than 32 days.
LEFT JOIN LATERAL (
    SELECT e.id, e.starts_at
    FROM sitting_group sg
    JOIN meeting e ON e.id = sg.meeting_id
    WHERE sg.group_id = g.id AND sg.starts_at >= $2 - 2764800000000 AND e.state <> 'CANCELLED'
        AND (e.starts_at >= $2 OR EXISTS (SELECT 1 FROM sitting_group o WHERE o.meeting_id = e.id AND o.starts_at >= $2))
    ORDER BY e.starts_at, e.id
    LIMIT 1
) meeting ON TRUE
LEFT JOIN LATERAL (
    SELECT i.place FROM sitting i WHERE i.meeting_id = meeting.id AND i.place IS NOT NULL ORDER BY i.starts_at, i.id LIMIT 1
) place ON TRUE
