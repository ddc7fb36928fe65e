-- What organisations have agreed on. Types are those of the first migration.

CREATE TABLE agreement (
    id $id NOT NULL PRIMARY KEY,
    name text NOT NULL,
    purpose text,
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
CREATE INDEX agreement_parent_id_sort_key_id_idx ON agreement (parent_id, sort_key, id);
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
