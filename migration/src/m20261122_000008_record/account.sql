-- What a group or a unit puts first, has on its list, has done, or what came of it: the four are kept alike.
CREATE TABLE $noun (
    id $id NOT NULL PRIMARY KEY,
    group_id $id CONSTRAINT $noun_group_id_fkey REFERENCES "group" (id),
    organisation_id $id CONSTRAINT $noun_organisation_id_fkey REFERENCES organisation (id),
    assignment_id $id CONSTRAINT $noun_assignment_id_fkey REFERENCES assignment (id),
    ordinal integer NOT NULL,
    name text NOT NULL,
    description text,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT $noun_period CHECK (valid_from < valid_until),
    CONSTRAINT $noun_one_owner CHECK ((group_id IS NULL) <> (organisation_id IS NULL))
)$strict;
CREATE INDEX $noun_search_key_idx ON $noun (search_key);
CREATE INDEX $noun_group_id_valid_from_ordinal_id_idx ON $noun (group_id, valid_from, ordinal, id);
CREATE INDEX $noun_organisation_id_valid_from_ordinal_id_idx ON $noun (organisation_id, valid_from, ordinal, id);
CREATE INDEX $noun_assignment_id_valid_from_ordinal_id_idx ON $noun (assignment_id, valid_from, ordinal, id);
