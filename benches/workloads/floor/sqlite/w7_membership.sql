-- ?1 the new id, ?2 seat, ?3 person, ?4 today
INSERT INTO membership (id, seat_id, person_id, on_behalf_of_id, valid_from, valid_until, valid_precision, version)
SELECT ?1, s.id, ?3, s.organisation_id, ?4, min(s.valid_until, ifnull(o.valid_until, s.valid_until)),
    -- In thirds: how exactly the end is known. The first day is.
    CASE WHEN o.valid_until <= s.valid_until THEN o.valid_precision ELSE s.valid_precision END / 3 * 3, 1
FROM seat s
LEFT JOIN organisation o ON o.id = s.organisation_id
WHERE s.id = ?2
