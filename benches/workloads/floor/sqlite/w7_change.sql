-- ?1 the new id, ?2 now, ?3 who, ?4 request
INSERT INTO change (at, actor, verb, subject_kind, subject_id, request_id)
VALUES (?2, ?3, 'addMember', 'MEMBERSHIP', ?1, ?4)
