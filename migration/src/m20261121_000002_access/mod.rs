//! Access: identities, grants, invitations and the server's own key; who did what, in the trail; and rules that keep what belongs to an
//! organisation inside its period.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::m20261121_000001_directory::rules::Rule;
use crate::m20261121_000001_directory::typed;

/// In the order in which they can be created; they are dropped in the opposite one.
const TABLES: [&str; 5] = ["identity", "grant", "invitation", "idempotency", "signing_key"];

pub(crate) const RULES: [Rule; 8] = [
    Rule {
        name: "grant_twice",
        table: "grant",
        columns: "identity_id, role, group_id, organisation_id, valid_from, valid_until",
        lock: "SELECT 1 FROM identity WHERE id = NEW.identity_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM \"grant\" g WHERE g.identity_id = NEW.identity_id AND g.role = NEW.role AND g.id <> NEW.id
            AND g.group_id IS NOT DISTINCT FROM NEW.group_id AND g.organisation_id IS NOT DISTINCT FROM NEW.organisation_id
            AND g.valid_from < NEW.valid_until AND NEW.valid_from < g.valid_until)",
    },
    Rule {
        name: "last_administrator",
        table: "grant",
        columns: "role, valid_from, valid_until",
        lock: "SELECT pg_advisory_xact_lock(hashtext('last_administrator'))",
        // Of all days from then on there is one on which somebody is an administrator for good.
        violated: "NEW.role = 'ADMINISTRATOR' AND NOT EXISTS (SELECT 1 FROM \"grant\" g WHERE g.role = 'ADMINISTRATOR'
            AND g.valid_until = '9999-12-31' AND g.valid_from <= NEW.valid_until)",
    },
    Rule {
        name: "membership_outside_organisation",
        table: "membership",
        columns: "on_behalf_of_id, valid_from, valid_until",
        lock: "SELECT 1 FROM organisation WHERE id = NEW.on_behalf_of_id FOR SHARE",
        violated: "EXISTS (SELECT 1 FROM organisation o WHERE o.id = NEW.on_behalf_of_id
            AND (NEW.valid_from < o.valid_from OR NEW.valid_until > o.valid_until))",
    },
    Rule {
        name: "membership_outside_organisation",
        table: "organisation",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM membership m WHERE m.on_behalf_of_id = NEW.id
            AND (m.valid_from < NEW.valid_from OR m.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "seat_outside_organisation",
        table: "seat",
        columns: "organisation_id, valid_from, valid_until",
        lock: "SELECT 1 FROM organisation WHERE id = NEW.organisation_id FOR SHARE",
        violated: "EXISTS (SELECT 1 FROM organisation o WHERE o.id = NEW.organisation_id
            AND (NEW.valid_from < o.valid_from OR NEW.valid_until > o.valid_until))",
    },
    Rule {
        name: "seat_outside_organisation",
        table: "organisation",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM seat s WHERE s.organisation_id = NEW.id
            AND (s.valid_from < NEW.valid_from OR s.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "position_outside_organisation",
        table: "position",
        columns: "organisation_id, valid_from, valid_until",
        lock: "SELECT 1 FROM organisation WHERE id = NEW.organisation_id FOR SHARE",
        violated: "EXISTS (SELECT 1 FROM organisation o WHERE o.id = NEW.organisation_id
            AND (NEW.valid_from < o.valid_from OR NEW.valid_until > o.valid_until))",
    },
    Rule {
        name: "position_outside_organisation",
        table: "organisation",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM position p WHERE p.organisation_id = NEW.id
            AND (p.valid_from < NEW.valid_from OR p.valid_until > NEW.valid_until))",
    },
];

/// What the first migration's tables got.
const COLUMNS: [&str; 3] = ["person_id", "on_behalf_of_id", "request_id"];
const INDEXES: [&str; 3] = ["change_actor_seq_idx", "change_person_id_idx", "change_on_behalf_of_id_idx"];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261121_000002_access"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let db = manager.get_connection();
        db.execute_unprepared(&typed(include_str!("tables.sql"), backend)).await?;
        for statement in RULES.iter().flat_map(|rule| rule.up(backend)) {
            db.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let db = manager.get_connection();
        for rule in RULES.iter() {
            for statement in undone(rule, backend) {
                db.execute_unprepared(&statement).await?;
            }
        }
        for table in TABLES.iter().rev() {
            db.execute_unprepared(&format!("DROP TABLE \"{table}\"")).await?;
        }
        for index in INDEXES {
            db.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        for column in COLUMNS {
            db.execute_unprepared(&format!("ALTER TABLE change DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}

pub(crate) fn undone(rule: &Rule, backend: DatabaseBackend) -> Vec<String> {
    let function = rule.function();
    match backend {
        DatabaseBackend::Sqlite => {
            vec![format!("DROP TRIGGER {function}_insert"), format!("DROP TRIGGER {function}_update")]
        }
        _ => vec![format!("DROP TRIGGER {function} ON \"{}\"", rule.table), format!("DROP FUNCTION {function}()")],
    }
}
