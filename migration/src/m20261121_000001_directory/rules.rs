//! Rules that the database itself holds, as named triggers. Each is one condition that must not be true of the new row, in SQL that
//! both databases read; only the frame around it differs. The name is what a client's error code is made from.

use sea_orm_migration::sea_orm::DatabaseBackend;

pub(crate) struct Rule {
    /// What the violation is called, on both databases.
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    /// The columns whose update can break it.
    pub(crate) columns: &'static str,
    /// What PostgreSQL locks first, so that two writers cannot each see only their own row. Not `FOR UPDATE`: foreign keys have locked the
    /// row for key share by then, and two writers would wait for each other. SQLite has one writer.
    pub(crate) lock: &'static str,
    pub(crate) violated: &'static str,
}

pub(crate) const RULES: [Rule; 18] = [
    Rule {
        name: "seat_capacity",
        table: "membership",
        columns: "seat_id, valid_from, valid_until",
        lock: "SELECT 1 FROM seat WHERE id = NEW.seat_id FOR NO KEY UPDATE",
        // On each start date inside the new period.
        violated: "EXISTS (SELECT 1 FROM seat s JOIN membership b ON b.seat_id = s.id WHERE s.id = NEW.seat_id
            AND s.capacity IS NOT NULL
            AND (b.id = NEW.id OR (b.valid_from > NEW.valid_from AND b.valid_from < NEW.valid_until))
            AND (SELECT count(*) FROM membership m WHERE m.seat_id = s.id
                AND m.valid_from <= b.valid_from AND b.valid_from < m.valid_until) > s.capacity)",
    },
    Rule {
        name: "seat_capacity",
        table: "seat",
        columns: "capacity",
        lock: "",
        violated: "NEW.capacity IS NOT NULL AND EXISTS (SELECT 1 FROM membership b WHERE b.seat_id = NEW.id
            AND (SELECT count(*) FROM membership m WHERE m.seat_id = NEW.id
                AND m.valid_from <= b.valid_from AND b.valid_from < m.valid_until) > NEW.capacity)",
    },
    Rule {
        name: "membership_twice",
        table: "membership",
        columns: "seat_id, person_id, valid_from, valid_until",
        lock: "SELECT 1 FROM seat WHERE id = NEW.seat_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM membership m WHERE m.seat_id = NEW.seat_id AND m.person_id = NEW.person_id
            AND m.id <> NEW.id AND m.valid_from < NEW.valid_until AND NEW.valid_from < m.valid_until)",
    },
    Rule {
        name: "membership_outside_seat",
        table: "membership",
        columns: "seat_id, valid_from, valid_until",
        lock: "SELECT 1 FROM seat WHERE id = NEW.seat_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM seat s WHERE s.id = NEW.seat_id
            AND (NEW.valid_from < s.valid_from OR NEW.valid_until > s.valid_until))",
    },
    Rule {
        name: "membership_outside_seat",
        table: "seat",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM membership m WHERE m.seat_id = NEW.id
            AND (m.valid_from < NEW.valid_from OR m.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "seat_outside_group",
        table: "seat",
        columns: "group_id, valid_from, valid_until",
        lock: "SELECT 1 FROM \"group\" WHERE id = NEW.group_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM \"group\" g WHERE g.id = NEW.group_id
            AND (NEW.valid_from < g.valid_from OR NEW.valid_until > g.valid_until))",
    },
    Rule {
        name: "seat_outside_group",
        table: "group",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM seat s WHERE s.group_id = NEW.id
            AND (s.valid_from < NEW.valid_from OR s.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "substitution_outside_membership",
        table: "substitution",
        columns: "membership_id, valid_from, valid_until",
        lock: "SELECT 1 FROM membership WHERE id = NEW.membership_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM membership m WHERE m.id = NEW.membership_id
            AND (NEW.valid_from < m.valid_from OR NEW.valid_until > m.valid_until))",
    },
    Rule {
        name: "substitution_outside_membership",
        table: "membership",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM substitution s WHERE s.membership_id = NEW.id
            AND (s.valid_from < NEW.valid_from OR s.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "tenure_outside_position",
        table: "tenure",
        columns: "position_id, valid_from, valid_until",
        lock: "SELECT 1 FROM position WHERE id = NEW.position_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM position p WHERE p.id = NEW.position_id
            AND (NEW.valid_from < p.valid_from OR NEW.valid_until > p.valid_until))",
    },
    Rule {
        name: "tenure_outside_position",
        table: "position",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM tenure t WHERE t.position_id = NEW.id
            AND (t.valid_from < NEW.valid_from OR t.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "position_one_holder",
        table: "tenure",
        columns: "position_id, valid_from, valid_until",
        lock: "SELECT 1 FROM position WHERE id = NEW.position_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM tenure t WHERE t.position_id = NEW.position_id AND t.id <> NEW.id
            AND t.valid_from < NEW.valid_until AND NEW.valid_from < t.valid_until)",
    },
    Rule {
        name: "group_cycle",
        table: "group",
        columns: "parent_id",
        lock: "SELECT pg_advisory_xact_lock(hashtext('group_cycle'))",
        violated: "EXISTS (WITH RECURSIVE up (id) AS (SELECT NEW.parent_id
            UNION SELECT g.parent_id FROM \"group\" g JOIN up ON up.id = g.id) SELECT 1 FROM up WHERE up.id = NEW.id)",
    },
    Rule {
        name: "organisation_cycle",
        table: "organisation",
        columns: "parent_id",
        lock: "SELECT pg_advisory_xact_lock(hashtext('organisation_cycle'))",
        violated: "EXISTS (WITH RECURSIVE up (id) AS (SELECT NEW.parent_id
            UNION SELECT o.parent_id FROM organisation o JOIN up ON up.id = o.id) SELECT 1 FROM up WHERE up.id = NEW.id)",
    },
    Rule {
        name: "organisation_successor_cycle",
        table: "organisation",
        columns: "successor_id",
        lock: "SELECT pg_advisory_xact_lock(hashtext('organisation_cycle'))",
        violated: "EXISTS (WITH RECURSIVE next (id) AS (SELECT NEW.successor_id
            UNION SELECT o.successor_id FROM organisation o JOIN next ON next.id = o.id) SELECT 1 FROM next WHERE next.id = NEW.id)",
    },
    Rule {
        name: "organisation_number_taken",
        table: "organisation",
        columns: "organisation_number, valid_from, valid_until",
        lock: "SELECT pg_advisory_xact_lock(hashtext(NEW.organisation_number))",
        violated: "EXISTS (SELECT 1 FROM organisation o WHERE o.organisation_number = NEW.organisation_number
            AND o.id <> NEW.id AND o.valid_from < NEW.valid_until AND NEW.valid_from < o.valid_until)",
    },
    Rule {
        name: "sitting_overlap",
        table: "sitting_group",
        columns: "group_id, starts_at, ends_at, precision",
        lock: "SELECT 1 FROM \"group\" WHERE id = NEW.group_id FOR NO KEY UPDATE",
        // A day or a month that a source gives is no appointment, and a cancelled meeting takes up no time.
        violated: "EXISTS (SELECT 1 FROM sitting_group o JOIN meeting m ON m.id = o.meeting_id
            WHERE o.group_id = NEW.group_id AND o.id <> NEW.id AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at
            AND o.precision = 'TIME' AND NEW.precision = 'TIME' AND m.state <> 'CANCELLED')
            AND EXISTS (SELECT 1 FROM meeting m WHERE m.id = NEW.meeting_id AND m.state <> 'CANCELLED')",
    },
    Rule {
        name: "sitting_overlap",
        table: "meeting",
        columns: "state",
        lock: "",
        violated: "NEW.state <> 'CANCELLED' AND EXISTS (SELECT 1 FROM sitting_group n
            JOIN sitting_group o ON o.group_id = n.group_id AND o.id <> n.id AND o.starts_at < n.ends_at AND n.starts_at < o.ends_at
            JOIN meeting m ON m.id = o.meeting_id
            WHERE n.meeting_id = NEW.id AND o.precision = 'TIME' AND n.precision = 'TIME' AND m.state <> 'CANCELLED')",
    },
];

/// The statements that set the rules up.
pub fn up(backend: DatabaseBackend) -> Vec<String> {
    let sqlite = backend == DatabaseBackend::Sqlite;
    let rules = RULES.iter().flat_map(|rule| rule.up(backend));
    rules.chain(append_only(sqlite)).collect()
}

/// The statements that take down what does not go with its table.
pub fn down(backend: DatabaseBackend) -> Vec<String> {
    if backend == DatabaseBackend::Sqlite {
        return Vec::new();
    }
    let names =
        RULES.iter().map(Rule::function).chain(["change_append_only".into(), "change_value_append_only".into()]);
    names.map(|name| format!("DROP FUNCTION {name}()")).collect()
}

impl Rule {
    /// The statements that set the rule up.
    pub(crate) fn up(&self, backend: DatabaseBackend) -> Vec<String> {
        if backend == DatabaseBackend::Sqlite { self.sqlite() } else { self.postgres() }
    }

    /// What the rule's function, on PostgreSQL, and the beginning of its triggers' names are called.
    pub(crate) fn function(&self) -> String {
        format!("{}_on_{}", self.name, self.table)
    }

    fn sqlite(&self) -> Vec<String> {
        let Self { name, table, columns, violated, .. } = self;
        let function = self.function();
        let trigger = |suffix: &str, event: &str| {
            format!(
                "CREATE TRIGGER {function}_{suffix} AFTER {event} ON \"{table}\" BEGIN
                 SELECT RAISE(ABORT, '{name}') WHERE {violated}; END"
            )
        };
        vec![trigger("insert", "INSERT"), trigger("update", &format!("UPDATE OF {columns}"))]
    }

    fn postgres(&self) -> Vec<String> {
        let Self { name, table, columns, violated, .. } = self;
        let function = self.function();
        let lock = if self.lock.is_empty() { String::new() } else { self.lock.replacen("SELECT", "PERFORM", 1) + ";" };
        vec![
            format!(
                "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock}
                 IF {violated} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'; END IF;
                 RETURN NULL; END $$"
            ),
            format!(
                "CREATE TRIGGER {function} AFTER INSERT OR UPDATE OF {columns} ON \"{table}\"
                 FOR EACH ROW EXECUTE FUNCTION {function}()"
            ),
        ]
    }
}

/// The trail is only ever added to, except that the values of an erased subject may be nulled.
fn append_only(sqlite: bool) -> Vec<String> {
    let erased = "NEW.id = OLD.id AND NEW.seq = OLD.seq AND NEW.row_table = OLD.row_table AND NEW.row_id = OLD.row_id
        AND NEW.was IS NULL AND NEW.now IS NULL";
    let rules = [("change", "1 = 0"), ("change_value", erased)];
    rules.iter().flat_map(|(table, allowed)| forbid_changes(sqlite, table, allowed)).collect()
}

fn forbid_changes(sqlite: bool, table: &str, allowed: &str) -> Vec<String> {
    let name = format!("{table}_append_only");
    if sqlite {
        return vec![
            format!(
                "CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} BEGIN
                 SELECT RAISE(ABORT, '{name}') WHERE NOT ({allowed}); END"
            ),
            format!("CREATE TRIGGER {name}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END"),
        ];
    }
    vec![
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF;
             RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'; END $$"
        ),
        format!("CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"),
        format!("CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()"),
    ]
}
