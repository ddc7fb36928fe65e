//! The record: agreements with their parties and assignments, projects, events, what owners put first, follow up, did and achieved, and the
//! references under which things are kept. Figures become able to state a range.

use sea_orm_migration::prelude::*;

use crate::m20261121_000001_directory::rules::Rule;
use crate::m20261121_000001_directory::typed;
use crate::m20261121_000002_access::undone;
use crate::m20261122_000003_search::{index, without_index};

/// In the order in which they can be created; they are dropped in the opposite one.
const TABLES: [&str; 14] = [
    "agreement",
    "agreement_party",
    "assignment",
    "reference",
    "project",
    "project_partner",
    "project_municipality",
    "indicator",
    "event",
    "event_organiser",
    "priority",
    "follow_up_item",
    "activity",
    "result",
];
/// Those that are kept alike.
const ACCOUNT: [&str; 4] = ["priority", "follow_up_item", "activity", "result"];
/// Those that texts are looked for in.
const SEARCHED: [&str; 7] = ["agreement", "project", "event", "priority", "follow_up_item", "activity", "result"];

pub(crate) const RULES: [Rule; 6] = [
    Rule {
        name: "agreement_cycle",
        table: "agreement",
        columns: "parent_id",
        lock: "SELECT pg_advisory_xact_lock(hashtext('agreement_cycle'))",
        violated: "EXISTS (WITH RECURSIVE up (id) AS (SELECT NEW.parent_id UNION SELECT a.parent_id FROM agreement a JOIN up ON a.id = up.id)
            SELECT 1 FROM up WHERE up.id = NEW.id)",
    },
    Rule {
        name: "agreement_party_twice",
        table: "agreement_party",
        columns: "agreement_id, organisation_id, valid_from, valid_until",
        lock: "SELECT 1 FROM agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement_id = NEW.agreement_id AND p.organisation_id = NEW.organisation_id
            AND p.id <> NEW.id AND p.valid_from < NEW.valid_until AND NEW.valid_from < p.valid_until)",
    },
    Rule {
        name: "agreement_party_outside_agreement",
        table: "agreement_party",
        columns: "agreement_id, valid_from, valid_until",
        lock: "SELECT 1 FROM agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE",
        violated: "EXISTS (SELECT 1 FROM agreement a WHERE a.id = NEW.agreement_id
            AND (NEW.valid_from < a.valid_from OR NEW.valid_until > a.valid_until))",
    },
    Rule {
        name: "agreement_party_outside_agreement",
        table: "agreement",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement_id = NEW.id
            AND (p.valid_from < NEW.valid_from OR p.valid_until > NEW.valid_until))",
    },
    Rule {
        name: "agreement_party_outside_organisation",
        table: "agreement_party",
        columns: "organisation_id, valid_from, valid_until",
        lock: "SELECT 1 FROM organisation WHERE id = NEW.organisation_id FOR SHARE",
        violated: "EXISTS (SELECT 1 FROM organisation o WHERE o.id = NEW.organisation_id
            AND (NEW.valid_from < o.valid_from OR NEW.valid_until > o.valid_until))",
    },
    Rule {
        name: "agreement_party_outside_organisation",
        table: "organisation",
        columns: "valid_from, valid_until",
        lock: "",
        violated: "EXISTS (SELECT 1 FROM agreement_party p WHERE p.organisation_id = NEW.id
            AND (p.valid_from < NEW.valid_from OR p.valid_until > NEW.valid_until))",
    },
];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000008_record"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        db.execute_unprepared(&typed(include_str!("tables.sql"), backend)).await?;
        for noun in ACCOUNT {
            db.execute_unprepared(&typed(&include_str!("account.sql").replace("$noun", noun), backend)).await?;
        }
        let range = "ALTER TABLE figure ADD COLUMN value_to $big CONSTRAINT figure_range CHECK (value_to > value)";
        db.execute_unprepared(&typed(range, backend)).await?;
        for statement in RULES.iter().flat_map(|rule| rule.up(backend)) {
            db.execute_unprepared(&statement).await?;
        }
        for table in SEARCHED {
            db.execute_unprepared(&index(table, backend)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        for table in SEARCHED {
            db.execute_unprepared(&without_index(table, backend)).await?;
        }
        for statement in RULES.iter().flat_map(|rule| undone(rule, backend)) {
            db.execute_unprepared(&statement).await?;
        }
        db.execute_unprepared("ALTER TABLE figure DROP COLUMN value_to").await?;
        for table in TABLES.iter().rev() {
            db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}
