-- $1 person, $2 and $3 the first instant of the days and the one after the last, $4 the audience of those who have signed in
SELECT json_build_object('events', coalesce(json_agg(json_build_object(
    'UID', i.id,
    'SEQUENCE', (i.version - 1)::text,
    'LAST-MODIFIED', to_char(to_timestamp(coalesce(i.changed_at, 0)::float8 / 1e6::float8) AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
    'DTSTART', to_char(to_timestamp(i.starts_at::float8 / 1e6::float8) AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
    'DTEND', to_char(to_timestamp(i.ends_at::float8 / 1e6::float8) AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
    'SUMMARY', CASE i.state WHEN 'CANCELLED' THEN 'Inställt: ' ELSE '' END || coalesce(i.title || ': ', '') || i.groups,
    'DESCRIPTION', 'Delta digitalt: ' || i.digital_url,
    'LOCATION', i.place,
    'CONFERENCE', i.digital_url,
    'CATEGORIES', CASE i.kind WHEN 'FORMAL' THEN 'Formellt sammanträde' WHEN 'INTERNAL' THEN 'Internt möte'
        WHEN 'STUDY_VISIT' THEN 'Studiebesök' ELSE 'Dialogmöte' END,
    'STATUS', CASE i.state WHEN 'CANCELLED' THEN 'CANCELLED' ELSE 'CONFIRMED' END
) ORDER BY i.starts_at, i.id), '[]'::json))::text
FROM (
    SELECT i.id, i.starts_at, i.ends_at, i.place, i.digital_url, e.kind, e.state, e.title, e.version,
        string_agg(coalesce(g.short_name, g.name), ', ' ORDER BY g.sort_key, g.id) AS groups,
        (
            SELECT c.at FROM change_value cv JOIN change c ON c.seq = cv.seq WHERE cv.row_id = e.id ORDER BY cv.seq DESC LIMIT 1
        ) AS changed_at
    FROM (
        -- A group's sitting lies in its meeting, and no meeting is longer than 32 days.
        SELECT l.sitting_id
        FROM membership m
        JOIN seat s ON s.id = m.seat_id
        JOIN "group" g ON g.id = s.group_id
        JOIN sitting_group l ON l.group_id = s.group_id AND l.day >= m.valid_from AND l.day < m.valid_until
        WHERE m.person_id = $1 AND l.starts_at > $2 - 2764800000000 AND l.starts_at < $3 AND l.ends_at > $2 AND g.audience <= $4
        UNION
        SELECT l.sitting_id
        FROM substitution x
        JOIN membership m ON m.id = x.membership_id
        JOIN person h ON h.id = m.person_id
        JOIN seat s ON s.id = m.seat_id
        JOIN "group" g ON g.id = s.group_id
        JOIN sitting_group l ON l.meeting_id = x.meeting_id AND l.group_id = s.group_id
        WHERE x.person_id = $1 AND l.starts_at < $3 AND l.ends_at > $2 AND g.audience <= $4 AND h.audience <= $4 AND NOT h.protected
        UNION
        SELECT l.sitting_id
        FROM attendance a
        JOIN sitting_group l ON l.meeting_id = a.meeting_id
        WHERE a.person_id = $1 AND a.mode IN ('IN_ROOM', 'REMOTE') AND l.starts_at < $3 AND l.ends_at > $2
    ) theirs
    JOIN sitting i ON i.id = theirs.sitting_id
    JOIN meeting e ON e.id = i.meeting_id
    JOIN sitting_group l ON l.sitting_id = i.id
    JOIN "group" g ON g.id = l.group_id AND g.audience <= $4
    GROUP BY i.id, e.id
) i
