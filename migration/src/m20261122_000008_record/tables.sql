-- What organisations have agreed on. Types are those of the first migration.

CREATE TABLE agreement (
    id $id NOT NULL PRIMARY KEY,
    name text NOT NULL,
    purpose text,
    owner_id $id CONSTRAINT agreement_owner_id_fkey REFERENCES organisation (id),
    parent_id $id CONSTRAINT agreement_parent_id_fkey REFERENCES agreement (id),
    audience $small NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT agreement_period CHECK (valid_from < valid_until)
)$strict;
CREATE INDEX agreement_sort_key_id_idx ON agreement (sort_key, id);
CREATE INDEX agreement_search_key_idx ON agreement (search_key);
CREATE INDEX agreement_owner_id_idx ON agreement (owner_id);
CREATE INDEX agreement_parent_id_sort_key_id_idx ON agreement (parent_id, sort_key, id);
CREATE INDEX agreement_valid_from_sort_key_id_idx ON agreement (valid_from, sort_key, id);
CREATE INDEX agreement_valid_until_sort_key_id_idx ON agreement (valid_until, sort_key, id);

-- An organisation joins and leaves on its own. Of some, a source says only what they are and how many. When one gives notice may be known to
-- the day, the month or the year.
CREATE TABLE agreement_party (
    id $id NOT NULL PRIMARY KEY,
    agreement_id $id NOT NULL CONSTRAINT agreement_party_agreement_id_fkey REFERENCES agreement (id),
    organisation_id $id CONSTRAINT agreement_party_organisation_id_fkey REFERENCES organisation (id),
    description text,
    number integer,
    notice_from $date,
    notice_until $date,
    notice_precision $small,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    CONSTRAINT agreement_party_period CHECK (valid_from < valid_until),
    CONSTRAINT agreement_party_named CHECK (organisation_id IS NOT NULL OR description IS NOT NULL),
    CONSTRAINT agreement_party_number_positive CHECK (number > 0),
    CONSTRAINT agreement_party_notice CHECK ((notice_from IS NULL) = (notice_until IS NULL)
        AND (notice_from IS NULL) = (notice_precision IS NULL) AND (notice_from IS NULL OR notice_from < notice_until)),
    CONSTRAINT agreement_party_notice_within CHECK (notice_from IS NULL OR (notice_until > valid_from AND notice_from < valid_until))
)$strict;
CREATE INDEX agreement_party_agreement_id_idx ON agreement_party (agreement_id);
CREATE INDEX agreement_party_organisation_id_valid_from_idx ON agreement_party (organisation_id, valid_from);
CREATE INDEX agreement_party_notice_from_idx ON agreement_party (notice_from) WHERE notice_from IS NOT NULL;

-- What an agreement asks, and of which group or unit.
CREATE TABLE assignment (
    id $id NOT NULL PRIMARY KEY,
    agreement_id $id NOT NULL CONSTRAINT assignment_agreement_id_fkey REFERENCES agreement (id),
    ordinal integer NOT NULL,
    name text NOT NULL,
    description text,
    group_id $id CONSTRAINT assignment_group_id_fkey REFERENCES "group" (id),
    organisation_id $id CONSTRAINT assignment_organisation_id_fkey REFERENCES organisation (id),
    CONSTRAINT assignment_one_owner CHECK (group_id IS NULL OR organisation_id IS NULL)
)$strict;
CREATE INDEX assignment_agreement_id_ordinal_idx ON assignment (agreement_id, ordinal);
CREATE INDEX assignment_group_id_idx ON assignment (group_id);
CREATE INDEX assignment_organisation_id_idx ON assignment (organisation_id);

-- Under what something is kept in a register: a diary number, a fund's number of a project.
CREATE TABLE reference (
    id $id NOT NULL PRIMARY KEY,
    subject_kind text NOT NULL,
    subject_id $id NOT NULL,
    ordinal integer NOT NULL,
    series $key NOT NULL,
    number $key NOT NULL,
    CONSTRAINT reference_series_number_key UNIQUE (series, number)
)$strict;
CREATE INDEX reference_subject_id_ordinal_idx ON reference (subject_id, ordinal);

-- What is run for a time, with means of its own. Amounts are whole kronor, the rate of cofinancing is in hundredths of a percent. The subject
-- area is also kept as it is looked for, folded.
CREATE TABLE project (
    id $id NOT NULL PRIMARY KEY,
    name text NOT NULL,
    summary text,
    objective text,
    owner_id $id NOT NULL CONSTRAINT project_owner_id_fkey REFERENCES organisation (id),
    contact_id $id CONSTRAINT project_contact_id_fkey REFERENCES person (id),
    assignment_id $id CONSTRAINT project_assignment_id_fkey REFERENCES assignment (id),
    phase text,
    fund text,
    programme text,
    programme_area text,
    specific_objective text,
    intervention_type text,
    nuts $key,
    granted integer,
    total_budget integer,
    cofinancing_rate integer,
    subject_area text,
    subject_area_key $key,
    audience $small NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT project_period CHECK (valid_from < valid_until),
    CONSTRAINT project_cofinancing_share CHECK (cofinancing_rate BETWEEN 0 AND 10000),
    CONSTRAINT project_amounts CHECK (granted >= 0 AND total_budget >= 0 AND granted <= total_budget)
)$strict;
CREATE INDEX project_sort_key_id_idx ON project (sort_key, id);
CREATE INDEX project_search_key_idx ON project (search_key);
CREATE INDEX project_owner_id_sort_key_id_idx ON project (owner_id, sort_key, id);
CREATE INDEX project_contact_id_sort_key_id_idx ON project (contact_id, sort_key, id);
CREATE INDEX project_assignment_id_sort_key_id_idx ON project (assignment_id, sort_key, id);
CREATE INDEX project_fund_sort_key_id_idx ON project (fund, sort_key, id);
CREATE INDEX project_phase_sort_key_id_idx ON project (phase, sort_key, id);
CREATE INDEX project_valid_from_sort_key_id_idx ON project (valid_from, sort_key, id);
CREATE INDEX project_subject_area_key_idx ON project (subject_area_key);

-- Who takes part. A source may call a part of an organisation by another name, or name nobody whom we know.
CREATE TABLE project_partner (
    id $id NOT NULL PRIMARY KEY,
    project_id $id NOT NULL CONSTRAINT project_partner_project_id_fkey REFERENCES project (id),
    ordinal integer NOT NULL,
    organisation_id $id CONSTRAINT project_partner_organisation_id_fkey REFERENCES organisation (id),
    description text,
    CONSTRAINT project_partner_named CHECK (organisation_id IS NOT NULL OR description IS NOT NULL)
)$strict;
CREATE INDEX project_partner_project_id_ordinal_idx ON project_partner (project_id, ordinal);
CREATE INDEX project_partner_organisation_id_idx ON project_partner (organisation_id);

-- In which municipalities it is run.
CREATE TABLE project_municipality (
    id $id NOT NULL PRIMARY KEY,
    project_id $id NOT NULL CONSTRAINT project_municipality_project_id_fkey REFERENCES project (id),
    organisation_id $id NOT NULL CONSTRAINT project_municipality_organisation_id_fkey REFERENCES organisation (id),
    CONSTRAINT project_municipality_once UNIQUE (project_id, organisation_id)
)$strict;
CREATE INDEX project_municipality_organisation_id_idx ON project_municipality (organisation_id);

-- What it was to reach, and what it reached.
CREATE TABLE indicator (
    id $id NOT NULL PRIMARY KEY,
    project_id $id NOT NULL CONSTRAINT indicator_project_id_fkey REFERENCES project (id),
    ordinal integer NOT NULL,
    name text NOT NULL,
    target integer,
    outcome integer,
    women integer,
    men integer,
    CONSTRAINT indicator_not_negative CHECK (target >= 0 AND outcome >= 0 AND women >= 0 AND men >= 0),
    CONSTRAINT indicator_women_men CHECK ((women IS NULL AND men IS NULL)
        OR (outcome IS NOT NULL AND COALESCE(women, 0) + COALESCE(men, 0) <= outcome))
)$strict;
CREATE INDEX indicator_project_id_ordinal_idx ON indicator (project_id, ordinal);

-- A course, a conference or another occasion, of a group or a unit.
CREATE TABLE event (
    id $id NOT NULL PRIMARY KEY,
    name text NOT NULL,
    description text,
    group_id $id CONSTRAINT event_group_id_fkey REFERENCES "group" (id),
    organisation_id $id CONSTRAINT event_organisation_id_fkey REFERENCES organisation (id),
    assignment_id $id CONSTRAINT event_assignment_id_fkey REFERENCES assignment (id),
    subject_area text,
    subject_area_key $key,
    place text,
    participants integer,
    exactness text,
    audience $small NOT NULL,
    sort_key $bytes NOT NULL,
    search_key $key NOT NULL,
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    CONSTRAINT event_period CHECK (valid_from < valid_until),
    CONSTRAINT event_one_owner CHECK ((group_id IS NULL) <> (organisation_id IS NULL)),
    CONSTRAINT event_participants CHECK (participants >= 0 AND (participants IS NULL) = (exactness IS NULL))
)$strict;
CREATE INDEX event_valid_from_id_idx ON event (valid_from, id);
CREATE INDEX event_search_key_idx ON event (search_key);
CREATE INDEX event_group_id_valid_from_id_idx ON event (group_id, valid_from, id);
CREATE INDEX event_organisation_id_valid_from_id_idx ON event (organisation_id, valid_from, id);
CREATE INDEX event_assignment_id_valid_from_id_idx ON event (assignment_id, valid_from, id);
CREATE INDEX event_subject_area_key_idx ON event (subject_area_key);

-- Who arranges an event together with the one whose it is.
CREATE TABLE event_organiser (
    id $id NOT NULL PRIMARY KEY,
    event_id $id NOT NULL CONSTRAINT event_organiser_event_id_fkey REFERENCES event (id),
    ordinal integer NOT NULL,
    group_id $id CONSTRAINT event_organiser_group_id_fkey REFERENCES "group" (id),
    organisation_id $id CONSTRAINT event_organiser_organisation_id_fkey REFERENCES organisation (id),
    CONSTRAINT event_organiser_one CHECK ((group_id IS NULL) <> (organisation_id IS NULL))
)$strict;
CREATE INDEX event_organiser_event_id_ordinal_idx ON event_organiser (event_id, ordinal);
CREATE INDEX event_organiser_group_id_idx ON event_organiser (group_id);
CREATE INDEX event_organiser_organisation_id_idx ON event_organiser (organisation_id);
