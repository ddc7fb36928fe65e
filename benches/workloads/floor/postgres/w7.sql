-- $1 the new id, $2 the same as the API writes it, $3 seat, $4 person, $5 today, $6 now, $7 who, $8 request
WITH added AS (
    INSERT INTO membership (id, seat_id, person_id, on_behalf_of_id, valid_from, valid_until, valid_precision, version)
    SELECT $1, s.id, $4, s.organisation_id, $5, least(s.valid_until, o.valid_until),
        -- In thirds: how exactly the end is known. The first day is.
        CASE WHEN o.valid_until <= s.valid_until THEN o.valid_precision ELSE s.valid_precision END / 3 * 3, 1
    FROM seat s
    LEFT JOIN organisation o ON o.id = s.organisation_id
    WHERE s.id = $3
    RETURNING *
), entry AS (
    INSERT INTO change (at, actor, verb, subject_kind, subject_id, request_id)
    SELECT $6, $7, 'addMember', 'MEMBERSHIP', id, $8 FROM added
    RETURNING seq
), kept AS (
    INSERT INTO change_value (seq, row_table, row_id, now)
    SELECT entry.seq, 'membership', added.id, row_to_json(added)::text FROM entry, added
)
SELECT json_build_object('addMember', json_build_object(
    'membership', json_build_object('id', $2), 'errors', json_build_array()))::text
FROM added
