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
        let (db, sqlite) = (manager.get_connection(), manager.get_database_backend() == DatabaseBackend::Sqlite);
        if !sqlite {
            db.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
        }
        for table in TABLES {
            let made = if sqlite { on_sqlite(include_str!("sqlite.sql"), table) } else { on_postgres(table) };
            db.execute_unprepared(&made).await?;
        }
        Ok(())
    }

    /// Leaves the extension: it may have been there before, and others may use it by now.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, sqlite) = (manager.get_connection(), manager.get_database_backend() == DatabaseBackend::Sqlite);
        for table in TABLES {
            let undone = if sqlite { on_sqlite(UNDO, table) } else { format!("DROP INDEX {table}_search") };
            db.execute_unprepared(&undone).await?;
        }
        Ok(())
    }
}

/// What the folded columns hold is read far oftener than written: each write brings the index up to date, not the search after it.
fn on_postgres(table: &str) -> String {
    format!("CREATE INDEX {table}_search ON \"{table}\" USING gin (search_key gin_trgm_ops) WITH (fastupdate = off)")
}

fn on_sqlite(sql: &str, table: &str) -> String {
    sql.replace("$table", table)
}

const UNDO: &str = "DROP TRIGGER $table_search_insert;
    DROP TRIGGER $table_search_update;
    DROP TRIGGER $table_search_delete;
    DROP TABLE $table_search;
    DROP TABLE $table_search_entry;";
