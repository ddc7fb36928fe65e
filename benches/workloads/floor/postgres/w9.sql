-- $1 and $2 the series and the number of a reference, $3 today
SELECT json_build_object('agreement', (
    SELECT json_build_object(
        'name', a.name,
        'references', (
            SELECT coalesce(json_agg(CASE r.series WHEN '' THEN '' ELSE r.series || '/' END || r.number ORDER BY r.ordinal, r.id), '[]'::json)
            FROM reference r
            WHERE r.subject_id = a.id
        ),
        'owner', (
            SELECT json_build_object('name', n.name) FROM organisation_name n
            WHERE n.organisation_id = a.owner_id AND n.valid_from <= $3 AND n.valid_until > $3
        ),
        'parties', (
            SELECT coalesce(json_agg(json_build_object(
                'organisation', CASE WHEN n.id IS NOT NULL THEN json_build_object('name', n.name) END,
                'notice', CASE WHEN p.notice_from IS NOT NULL THEN json_build_object('from', p.notice_from, 'until', p.notice_until) END
            ) ORDER BY p.valid_from, coalesce(o.slug, ''), p.id), '[]'::json)
            FROM agreement_party p
            LEFT JOIN organisation o ON o.id = p.organisation_id
            LEFT JOIN organisation_name n ON n.organisation_id = o.id AND n.valid_from <= $3 AND n.valid_until > $3
            WHERE p.agreement_id = a.id
        ),
        'assignments', json_build_object('nodes', (
            SELECT coalesce(json_agg(json_build_object(
                'name', s.name,
                'owner', CASE
                    WHEN g.id IS NOT NULL THEN json_build_object('__typename', 'Group', 'name', g.name)
                    WHEN n.id IS NOT NULL THEN json_build_object('__typename', 'Organisation', 'name', n.name)
                END
            ) ORDER BY s.ordinal, s.id), '[]'::json)
            FROM (
                SELECT s.id, s.ordinal, s.name, s.group_id, s.organisation_id
                FROM assignment s
                WHERE s.agreement_id = a.id
                ORDER BY s.ordinal, s.id
                LIMIT 20
            ) s
            LEFT JOIN "group" g ON g.id = s.group_id
            LEFT JOIN organisation_name n
                ON n.organisation_id = s.organisation_id AND n.valid_from <= $3 AND n.valid_until > $3
        )),
        'children', json_build_object('nodes', (
            SELECT coalesce(json_agg(json_build_object('name', c.name) ORDER BY c.sort_key, c.id), '[]'::json)
            FROM (
                SELECT c.id, c.sort_key, c.name FROM agreement c WHERE c.parent_id = a.id ORDER BY c.sort_key, c.id LIMIT 20
            ) c
        ))
    )
    FROM reference r
    JOIN agreement a ON a.id = r.subject_id
    WHERE r.series = $1 AND r.number = $2
))::text
