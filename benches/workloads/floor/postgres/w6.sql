-- $1 and $2 the sort key and the id of the person before the page
SELECT json_build_object('people', json_build_object('nodes', coalesce(json_agg(
    json_build_object('name', h.given_name || ' ' || h.family_name) ORDER BY h.sort_key, h.id), '[]'::json)))::text
FROM (
    SELECT h.id, h.sort_key, h.given_name, h.family_name
    FROM person h
    WHERE (h.sort_key, h.id) > ($1, $2)
    ORDER BY h.sort_key, h.id
    LIMIT 50
) h
