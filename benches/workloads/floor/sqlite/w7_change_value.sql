-- ?1 the new id, ?2 the same as the API writes it; ?3, ?4 and ?5 the new id, the seat and the person as text
INSERT INTO change_value (seq, row_table, row_id, now)
SELECT last_insert_rowid(), 'membership', m.id, json_object(
    'id', ?3, 'seat_id', ?4, 'person_id', ?5,
    'on_behalf_of_id', lower(substr(hex(m.on_behalf_of_id), 1, 8) || '-' || substr(hex(m.on_behalf_of_id), 9, 4) || '-'
        || substr(hex(m.on_behalf_of_id), 13, 4) || '-' || substr(hex(m.on_behalf_of_id), 17, 4) || '-' || substr(hex(m.on_behalf_of_id), 21)),
    'decision_body', m.decision_body, 'decision_date', m.decision_date, 'decision_reference', m.decision_reference,
    'end_reason', m.end_reason, 'replaces_id', NULL, 'tenure_id', NULL,
    'valid_from', m.valid_from, 'valid_until', m.valid_until, 'valid_precision', m.valid_precision, 'version', m.version)
FROM membership m
WHERE m.id = ?1
RETURNING json_object('addMember', json_object('membership', json_object('id', ?2), 'errors', json_array()))
