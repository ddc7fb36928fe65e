//! Search: an index of trigrams on each folded column that texts are looked for in, so that `LIKE` reads few rows wherever in a column
//! the text stands. It has the same name on both databases.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// The tables with a folded column.
const TABLES: [&str; 4] = ["group", "organisation_name", "person", "position"];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000003_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() != DatabaseBackend::Sqlite {
            db.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
        }
        for table in TABLES {
            db.execute_unprepared(&index(table, manager.get_database_backend())).await?;
        }
        Ok(())
    }

    /// Leaves the extension: it may have been there before, and others may use it by now.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let undone = without_index(table, manager.get_database_backend());
            manager.get_connection().execute_unprepared(&undone).await?;
        }
        Ok(())
    }
}

/// Makes the index of a table. What the folded columns hold is read far oftener than written: each write brings the index up to date, not the
/// search after it.
pub(crate) fn index(table: &str, backend: DatabaseBackend) -> String {
    match backend {
        DatabaseBackend::Sqlite => include_str!("sqlite.sql").replace("$table", table),
        _ => format!(
            "CREATE INDEX {table}_search ON \"{table}\" USING gin (search_key gin_trgm_ops) WITH (fastupdate = off)"
        ),
    }
}

/// Takes the index away.
pub(crate) fn without_index(table: &str, backend: DatabaseBackend) -> String {
    match backend {
        DatabaseBackend::Sqlite => UNDO.replace("$table", table),
        _ => format!("DROP INDEX {table}_search"),
    }
}

const UNDO: &str = "DROP TRIGGER $table_search_insert;
    DROP TRIGGER $table_search_update;
    DROP TRIGGER $table_search_delete;
    DROP TABLE $table_search;
    DROP TABLE $table_search_entry;";
