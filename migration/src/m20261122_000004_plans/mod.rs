//! Plans: indexes for lists that would be read whole, because their order, or what they are narrowed down to, had none.

use sea_orm_migration::prelude::*;

/// Each with what it is on.
const INDEXES: [(&str, &str); 11] = [
    // Lists of one kind, in the order of the list.
    ("group_kind_sort_key_id_idx", "\"group\" (kind, sort_key, id)"),
    ("organisation_kind_idx", "organisation (kind)"),
    ("meeting_kind_starts_at_id_idx", "meeting (kind, starts_at, id)"),
    ("meeting_state_starts_at_id_idx", "meeting (state, starts_at, id)"),
    ("change_verb_seq_idx", "change (verb, seq)"),
    ("identity_issuer_id_idx", "identity (issuer, id)"),
    // Lists by when rows begin, and those that are still to come.
    ("group_valid_from_sort_key_id_idx", "\"group\" (valid_from, sort_key, id)"),
    ("grant_valid_from_id_idx", "\"grant\" (valid_from, id)"),
    ("membership_valid_from_idx", "membership (valid_from)"),
    // Whose name the trail withholds.
    ("person_protected_idx", "person (id) WHERE protected"),
    // Those that may have begun long before the day that is asked for: the others have begun the day before.
    ("meeting_long_starts_at_idx", "meeting (starts_at) WHERE ends_at - starts_at > 86400000000"),
];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000004_plans"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, on) in INDEXES {
            manager.get_connection().execute_unprepared(&format!("CREATE INDEX {name} ON {on}")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in INDEXES {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        Ok(())
    }
}
