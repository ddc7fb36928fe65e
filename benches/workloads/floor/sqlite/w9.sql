-- ?1 and ?2 the series and the number of a reference, ?3 today
SELECT json_object('agreement', (
    SELECT json_object(
        'name', a.name,
        'references', (
            SELECT json_group_array(r.text)
            FROM (
                SELECT CASE r.series WHEN '' THEN '' ELSE r.series || '/' END || r.number AS text FROM reference r
                WHERE r.subject_id = a.id
                ORDER BY r.ordinal, r.id
            ) r
        ),
        'owner', (
            SELECT json_object('name', n.name) FROM organisation_name n
            WHERE n.organisation_id = a.owner_id AND n.valid_from <= ?3 AND n.valid_until > ?3
        ),
        'parties', (
            SELECT json_group_array(json_object(
                'organisation', CASE WHEN p.name IS NOT NULL THEN json_object('name', p.name) END,
                'notice', CASE WHEN p.notice_from IS NOT NULL THEN json_object('from', p.notice_from, 'until', p.notice_until) END
            ))
            FROM (
                SELECT n.name, p.notice_from, p.notice_until
                FROM agreement_party p
                LEFT JOIN organisation o ON o.id = p.organisation_id
                LEFT JOIN organisation_name n ON n.organisation_id = o.id AND n.valid_from <= ?3 AND n.valid_until > ?3
                WHERE p.agreement_id = a.id
                ORDER BY p.valid_from, coalesce(o.slug, ''), p.id
            ) p
        ),
        'assignments', json_object('nodes', (
            SELECT json_group_array(json_object(
                'name', s.name,
                'owner', CASE
                    WHEN s.owner IS NOT NULL THEN json_object('__typename', CASE WHEN s.of_group THEN 'Group' ELSE 'Organisation' END, 'name', s.owner)
                END
            ))
            FROM (
                SELECT s.name, coalesce(g.name, n.name) AS owner, g.id IS NOT NULL AS of_group
                FROM assignment s
                LEFT JOIN "group" g ON g.id = s.group_id
                LEFT JOIN organisation_name n
                    ON n.organisation_id = s.organisation_id AND n.valid_from <= ?3 AND n.valid_until > ?3
                WHERE s.agreement_id = a.id
                ORDER BY s.ordinal, s.id
                LIMIT 20
            ) s
        )),
        'children', json_object('nodes', (
            SELECT json_group_array(json_object('name', c.name))
            FROM (SELECT c.name FROM agreement c WHERE c.parent_id = a.id ORDER BY c.sort_key, c.id LIMIT 20) c
        ))
    )
    FROM reference r
    JOIN agreement a ON a.id = r.subject_id
    WHERE r.series = ?1 AND r.number = ?2
))
