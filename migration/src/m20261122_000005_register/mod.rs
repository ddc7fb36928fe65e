//! The register: people are found by the beginning of a family name in the order of their names, so that no second key is needed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000005_register"
    }
}

const UP: &str = "DROP INDEX person_family_key_id_idx; ALTER TABLE person DROP COLUMN family_key";

/// Without folding, which no database does as the server did: å, ä and ö stay what they are.
const DOWN: &str = "ALTER TABLE person ADD COLUMN family_key $key NOT NULL DEFAULT '';
    UPDATE person SET family_key = lower(family_name || ' ' || given_name);
    CREATE INDEX person_family_key_id_idx ON person (family_key, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let down = DOWN.replace("$key", if sqlite { "TEXT" } else { "TEXT COLLATE \"C\"" });
        manager.get_connection().execute_unprepared(&down).await.map(|_| ())
    }
}
