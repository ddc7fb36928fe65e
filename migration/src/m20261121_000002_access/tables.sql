-- Who may do what, and what the trail knows of who did it. Words with a dollar sign are explained in the first migration.

CREATE TABLE identity (
    id $id NOT NULL PRIMARY KEY,
    issuer $key NOT NULL,
    subject $key NOT NULL,
    person_id $id CONSTRAINT identity_person_id_fkey REFERENCES person (id),
    version integer NOT NULL,
    CONSTRAINT identity_issuer_subject_key UNIQUE (issuer, subject)
)$strict;
CREATE INDEX identity_person_id_idx ON identity (person_id);

CREATE TABLE "grant" (
    id $id NOT NULL PRIMARY KEY,
    identity_id $id NOT NULL CONSTRAINT grant_identity_id_fkey REFERENCES identity (id),
    role text NOT NULL,
    group_id $id CONSTRAINT grant_group_id_fkey REFERENCES "group" (id),
    organisation_id $id CONSTRAINT grant_organisation_id_fkey REFERENCES organisation (id),
    valid_from $date NOT NULL,
    valid_until $date NOT NULL,
    valid_precision $small NOT NULL,
    version integer NOT NULL,
    -- A grant that is revoked on the day on which it begins stays on record without a day.
    CONSTRAINT grant_period CHECK (valid_from <= valid_until),
    CONSTRAINT grant_scope CHECK ((role = 'COORDINATOR') = (group_id IS NOT NULL)
        AND (role = 'REPRESENTATIVE') = (organisation_id IS NOT NULL))
)$strict;
CREATE INDEX grant_identity_id_idx ON "grant" (identity_id);
CREATE INDEX grant_group_id_idx ON "grant" (group_id);
CREATE INDEX grant_organisation_id_idx ON "grant" (organisation_id);

CREATE TABLE invitation (
    id $id NOT NULL PRIMARY KEY,
    person_id $id NOT NULL CONSTRAINT invitation_person_id_fkey REFERENCES person (id),
    code_hash $bytes NOT NULL,
    expires_at $big NOT NULL,
    -- Who accepted it.
    identity_id $id CONSTRAINT invitation_identity_id_fkey REFERENCES identity (id),
    version integer NOT NULL,
    CONSTRAINT invitation_code_hash_key UNIQUE (code_hash)
)$strict;
CREATE INDEX invitation_person_id_idx ON invitation (person_id);
CREATE INDEX invitation_identity_id_idx ON invitation (identity_id);

CREATE TABLE idempotency (
    -- Made of the identity and its key.
    id $id NOT NULL PRIMARY KEY,
    input_hash $bytes NOT NULL,
    subject_id $id NOT NULL,
    change_seq $big CONSTRAINT idempotency_change_seq_fkey REFERENCES change (seq),
    at $big NOT NULL
)$strict;
CREATE INDEX idempotency_at_idx ON idempotency (at);
CREATE INDEX idempotency_change_seq_idx ON idempotency (change_seq);

CREATE TABLE signing_key (
    id $id NOT NULL PRIMARY KEY,
    -- PKCS #8.
    private_key $bytes NOT NULL,
    created_at $big NOT NULL
)$strict;

-- Without a foreign key: the trail stays as it was when somebody is merged into another.
ALTER TABLE change ADD COLUMN person_id $id;
ALTER TABLE change ADD COLUMN on_behalf_of_id $id CONSTRAINT change_on_behalf_of_id_fkey REFERENCES organisation (id);
ALTER TABLE change ADD COLUMN request_id text;
CREATE INDEX change_actor_seq_idx ON change (actor, seq);
CREATE INDEX change_person_id_idx ON change (person_id);
CREATE INDEX change_on_behalf_of_id_idx ON change (on_behalf_of_id);
