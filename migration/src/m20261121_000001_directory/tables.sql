-- The directory's tables. Words with a dollar sign are types whose names differ between the databases; see mod.rs.

CREATE TABLE organisation (
    id $id NOT NULL PRIMARY KEY,
    slug $key NOT NULL,
    kind text NOT NULL,
    organisation_number text,
    municipality_code text,
    parent_id $id CONSTRAINT organisation_parent_id_fkey REFERENCES organisation (id),
    successor_id $id CONSTRAINT organisation_successor_id_fkey REFERENCES organisation (id),
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT organisation_period CHECK (valid_from < valid_until),
    CONSTRAINT organisation_unit_has_parent CHECK (kind <> 'UNIT' OR parent_id IS NOT NULL),
    CONSTRAINT organisation_slug_key UNIQUE (slug)
)$strict;
CREATE INDEX organisation_parent_id_idx ON organisation (parent_id);
CREATE INDEX organisation_successor_id_idx ON organisation (successor_id);
CREATE INDEX organisation_organisation_number_idx ON organisation (organisation_number);
CREATE INDEX organisation_municipality_code_idx ON organisation (municipality_code);

CREATE TABLE organisation_name (
    id $id NOT NULL PRIMARY KEY,
    organisation_id $id NOT NULL CONSTRAINT organisation_name_organisation_id_fkey REFERENCES organisation (id),
    name text NOT NULL,
    short_name text,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    CONSTRAINT organisation_name_period CHECK (valid_from < valid_until),
    CONSTRAINT organisation_name_organisation_id_valid_from_key UNIQUE (organisation_id, valid_from)
)$strict;
CREATE INDEX organisation_name_sort_key_organisation_id_idx ON organisation_name (sort_key, organisation_id);
CREATE INDEX organisation_name_search_key_idx ON organisation_name (search_key);

CREATE TABLE person (
    id $id NOT NULL PRIMARY KEY,
    given_name text NOT NULL,
    family_name text NOT NULL,
    audience $small NOT NULL,
    protected $bool NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    family_key $key NOT NULL,
    version integer NOT NULL
)$strict;
CREATE INDEX person_sort_key_id_idx ON person (sort_key, id);
CREATE INDEX person_search_key_idx ON person (search_key);
CREATE INDEX person_family_key_id_idx ON person (family_key, id);

CREATE TABLE position (
    id $id NOT NULL PRIMARY KEY,
    organisation_id $id NOT NULL CONSTRAINT position_organisation_id_fkey REFERENCES organisation (id),
    title text NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT position_period CHECK (valid_from < valid_until)
)$strict;
CREATE INDEX position_organisation_id_sort_key_idx ON position (organisation_id, sort_key);
CREATE INDEX position_search_key_idx ON position (search_key);

CREATE TABLE tenure (
    id $id NOT NULL PRIMARY KEY,
    position_id $id NOT NULL CONSTRAINT tenure_position_id_fkey REFERENCES position (id),
    person_id $id NOT NULL CONSTRAINT tenure_person_id_fkey REFERENCES person (id),
    end_reason text,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT tenure_period CHECK (valid_from < valid_until)
)$strict;
CREATE INDEX tenure_position_id_valid_from_idx ON tenure (position_id, valid_from);
CREATE INDEX tenure_person_id_valid_from_idx ON tenure (person_id, valid_from);

CREATE TABLE "group" (
    id $id NOT NULL PRIMARY KEY,
    slug $key NOT NULL,
    name text NOT NULL,
    short_name text,
    kind text NOT NULL,
    purpose text,
    parent_id $id CONSTRAINT group_parent_id_fkey REFERENCES "group" (id),
    convener_id $id CONSTRAINT group_convener_id_fkey REFERENCES organisation (id),
    audience $small NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT group_period CHECK (valid_from < valid_until),
    CONSTRAINT group_slug_key UNIQUE (slug)
)$strict;
CREATE INDEX group_sort_key_id_idx ON "group" (sort_key, id);
CREATE INDEX group_search_key_idx ON "group" (search_key);
CREATE INDEX group_parent_id_sort_key_id_idx ON "group" (parent_id, sort_key, id);
CREATE INDEX group_convener_id_idx ON "group" (convener_id);

CREATE TABLE group_relation (
    id $id NOT NULL PRIMARY KEY,
    group_id $id NOT NULL CONSTRAINT group_relation_group_id_fkey REFERENCES "group" (id),
    kind text NOT NULL,
    to_group_id $id CONSTRAINT group_relation_to_group_id_fkey REFERENCES "group" (id),
    to_organisation_id $id CONSTRAINT group_relation_to_organisation_id_fkey REFERENCES organisation (id),
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT group_relation_period CHECK (valid_from < valid_until),
    CONSTRAINT group_relation_one_target CHECK ((to_group_id IS NULL) <> (to_organisation_id IS NULL))
)$strict;
CREATE INDEX group_relation_group_id_idx ON group_relation (group_id);
CREATE INDEX group_relation_to_group_id_idx ON group_relation (to_group_id);
CREATE INDEX group_relation_to_organisation_id_idx ON group_relation (to_organisation_id);

CREATE TABLE seat (
    id $id NOT NULL PRIMARY KEY,
    group_id $id NOT NULL CONSTRAINT seat_group_id_fkey REFERENCES "group" (id),
    role $small NOT NULL,
    organisation_id $id CONSTRAINT seat_organisation_id_fkey REFERENCES organisation (id),
    appointer_id $id CONSTRAINT seat_appointer_id_fkey REFERENCES organisation (id),
    fill text NOT NULL,
    position_id $id CONSTRAINT seat_position_id_fkey REFERENCES position (id),
    capacity integer,
    voting $bool NOT NULL,
    description text,
    ordinal integer NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT seat_period CHECK (valid_from < valid_until),
    CONSTRAINT seat_capacity_positive CHECK (capacity > 0),
    CONSTRAINT seat_ex_officio_position CHECK ((fill = 'EX_OFFICIO') = (position_id IS NOT NULL))
)$strict;
CREATE INDEX seat_group_id_role_ordinal_id_idx ON seat (group_id, role, ordinal, id);
CREATE INDEX seat_organisation_id_idx ON seat (organisation_id);
CREATE INDEX seat_appointer_id_idx ON seat (appointer_id);
CREATE INDEX seat_position_id_idx ON seat (position_id);

CREATE TABLE membership (
    id $id NOT NULL PRIMARY KEY,
    seat_id $id NOT NULL CONSTRAINT membership_seat_id_fkey REFERENCES seat (id),
    person_id $id NOT NULL CONSTRAINT membership_person_id_fkey REFERENCES person (id),
    on_behalf_of_id $id CONSTRAINT membership_on_behalf_of_id_fkey REFERENCES organisation (id),
    decision_body text,
    decision_date $date,
    decision_reference text,
    end_reason text,
    replaces_id $id CONSTRAINT membership_replaces_id_fkey REFERENCES membership (id)
        -- A verb may take a membership away before it says what the next one replaces instead.
        DEFERRABLE INITIALLY DEFERRED,
    tenure_id $id CONSTRAINT membership_tenure_id_fkey REFERENCES tenure (id),
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT membership_period CHECK (valid_from < valid_until),
    CONSTRAINT membership_tenure_id_seat_id_key UNIQUE (tenure_id, seat_id)
)$strict;
CREATE INDEX membership_seat_id_valid_until_idx ON membership (seat_id, valid_until);
CREATE INDEX membership_person_id_valid_from_idx ON membership (person_id, valid_from);
CREATE INDEX membership_on_behalf_of_id_idx ON membership (on_behalf_of_id);
CREATE INDEX membership_valid_until_id_idx ON membership (valid_until, id);
CREATE INDEX membership_replaces_id_idx ON membership (replaces_id);

CREATE TABLE schedule (
    id $id NOT NULL PRIMARY KEY,
    recurrence text,
    per_year integer,
    except_days $json NOT NULL,
    extra_days $json NOT NULL,
    start_time text,
    minutes integer,
    place text,
    digital_offered $bool,
    digital_url text,
    description text,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT schedule_period CHECK (valid_from < valid_until),
    CONSTRAINT schedule_one_plan CHECK (recurrence IS NULL OR per_year IS NULL),
    CONSTRAINT schedule_per_year_positive CHECK (per_year > 0),
    CONSTRAINT schedule_minutes_positive CHECK (minutes > 0)
)$strict;

CREATE TABLE schedule_group (
    id $id NOT NULL PRIMARY KEY,
    schedule_id $id NOT NULL CONSTRAINT schedule_group_schedule_id_fkey REFERENCES schedule (id),
    group_id $id NOT NULL CONSTRAINT schedule_group_group_id_fkey REFERENCES "group" (id),
    CONSTRAINT schedule_group_schedule_id_group_id_key UNIQUE (schedule_id, group_id)
)$strict;
CREATE INDEX schedule_group_group_id_idx ON schedule_group (group_id);

CREATE TABLE meeting (
    id $id NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL,
    title text,
    schedule_id $id CONSTRAINT meeting_schedule_id_fkey REFERENCES schedule (id),
    moved_from $big,
    starts_at $big NOT NULL,
    ends_at $big NOT NULL,
    version integer NOT NULL,
    CONSTRAINT meeting_times CHECK (starts_at < ends_at),
    -- Microseconds: 32 days.
    CONSTRAINT meeting_length CHECK (ends_at - starts_at <= 2764800000000)
)$strict;
CREATE INDEX meeting_starts_at_id_idx ON meeting (starts_at, id);
CREATE INDEX meeting_schedule_id_idx ON meeting (schedule_id);

CREATE TABLE sitting (
    id $id NOT NULL PRIMARY KEY,
    meeting_id $id NOT NULL CONSTRAINT sitting_meeting_id_fkey REFERENCES meeting (id),
    starts_at $big NOT NULL,
    ends_at $big NOT NULL,
    precision text NOT NULL,
    place text,
    digital_offered $bool,
    digital_url text,
    CONSTRAINT sitting_times CHECK (starts_at < ends_at)
)$strict;
CREATE INDEX sitting_meeting_id_starts_at_idx ON sitting (meeting_id, starts_at);

CREATE TABLE sitting_group (
    id $id NOT NULL PRIMARY KEY,
    sitting_id $id NOT NULL CONSTRAINT sitting_group_sitting_id_fkey REFERENCES sitting (id),
    meeting_id $id NOT NULL CONSTRAINT sitting_group_meeting_id_fkey REFERENCES meeting (id),
    group_id $id NOT NULL CONSTRAINT sitting_group_group_id_fkey REFERENCES "group" (id),
    starts_at $big NOT NULL,
    ends_at $big NOT NULL,
    precision text NOT NULL,
    CONSTRAINT sitting_group_sitting_id_group_id_key UNIQUE (sitting_id, group_id)
)$strict;
CREATE INDEX sitting_group_group_id_starts_at_idx ON sitting_group (group_id, starts_at);
CREATE INDEX sitting_group_meeting_id_idx ON sitting_group (meeting_id);

CREATE TABLE attendance (
    id $id NOT NULL PRIMARY KEY,
    meeting_id $id NOT NULL CONSTRAINT attendance_meeting_id_fkey REFERENCES meeting (id),
    person_id $id NOT NULL CONSTRAINT attendance_person_id_fkey REFERENCES person (id),
    mode text NOT NULL,
    membership_id $id CONSTRAINT attendance_membership_id_fkey REFERENCES membership (id),
    CONSTRAINT attendance_meeting_id_person_id_key UNIQUE (meeting_id, person_id)
)$strict;
CREATE INDEX attendance_person_id_idx ON attendance (person_id);
CREATE INDEX attendance_membership_id_idx ON attendance (membership_id);

CREATE TABLE substitution (
    id $id NOT NULL PRIMARY KEY,
    membership_id $id NOT NULL CONSTRAINT substitution_membership_id_fkey REFERENCES membership (id),
    person_id $id NOT NULL CONSTRAINT substitution_person_id_fkey REFERENCES person (id),
    meeting_id $id CONSTRAINT substitution_meeting_id_fkey REFERENCES meeting (id),
    ordinal integer NOT NULL,
    voting $bool NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT substitution_period CHECK (valid_from < valid_until),
    CONSTRAINT substitution_ordinal CHECK (ordinal > 0)
)$strict;
CREATE INDEX substitution_membership_id_ordinal_idx ON substitution (membership_id, ordinal);
CREATE INDEX substitution_person_id_idx ON substitution (person_id);
CREATE INDEX substitution_meeting_id_idx ON substitution (meeting_id);

CREATE TABLE contact_point (
    id $id NOT NULL PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id $id NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    note text,
    label text,
    audience $small NOT NULL,
    ordinal integer NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT contact_point_period CHECK (valid_from < valid_until)
)$strict;
CREATE INDEX contact_point_subject_id_kind_ordinal_idx ON contact_point (subject_id, kind, ordinal);

CREATE TABLE figure (
    id $id NOT NULL PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id $id NOT NULL,
    measure text NOT NULL,
    value $big NOT NULL,
    unit text,
    exactness text NOT NULL,
    note text,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT figure_period CHECK (valid_from < valid_until),
    CONSTRAINT figure_not_negative CHECK (value >= 0)
)$strict;
CREATE INDEX figure_subject_id_valid_from_idx ON figure (subject_id, valid_from);

CREATE TABLE document (
    id $id NOT NULL PRIMARY KEY,
    slug $key NOT NULL,
    title text NOT NULL,
    publisher text,
    published_on $date,
    url text,
    note text,
    version integer NOT NULL,
    CONSTRAINT document_slug_key UNIQUE (slug)
)$strict;

CREATE TABLE source (
    id $id NOT NULL PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id $id NOT NULL,
    document_id $id NOT NULL CONSTRAINT source_document_id_fkey REFERENCES document (id),
    quote text,
    note text,
    unclear $bool NOT NULL,
    ordinal integer NOT NULL
)$strict;
CREATE INDEX source_subject_id_ordinal_idx ON source (subject_id, ordinal);
CREATE INDEX source_document_id_idx ON source (document_id);

CREATE TABLE change (
    seq $serial,
    at $big NOT NULL,
    actor text NOT NULL,
    verb text NOT NULL,
    subject_kind text NOT NULL,
    subject_id $id NOT NULL,
    reason text
)$strict;
CREATE INDEX change_subject_id_seq_idx ON change (subject_id, seq);

CREATE TABLE change_value (
    id $serial,
    seq $big NOT NULL CONSTRAINT change_value_seq_fkey REFERENCES change (seq),
    row_table text NOT NULL,
    row_id $id NOT NULL,
    was text,
    now text
)$strict;
CREATE INDEX change_value_seq_idx ON change_value (seq);
CREATE INDEX change_value_row_id_seq_idx ON change_value (row_id, seq);
