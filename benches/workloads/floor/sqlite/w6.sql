-- ?1 and ?2 the sort key and the id of the person before the page
SELECT json_object('people', json_object('nodes', json_group_array(json_object('name', h.name))))
FROM (
    SELECT h.given_name || ' ' || h.family_name AS name
    FROM person h
    WHERE (h.sort_key, h.id) > (?1, ?2)
    ORDER BY h.sort_key, h.id
    LIMIT 50
) h
