//! Meetings by plan: what a schedule needs to say of its meetings, the day of each sitting, by which it is found who was a member then, and
//! calendars with a secret address.

use chrono::DateTime;
use chrono_tz::Europe::Stockholm;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseBackend, Statement};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000006_meetings"
    }
}

const UP: &str = "ALTER TABLE schedule ADD COLUMN kind text NOT NULL DEFAULT 'FORMAL';
    ALTER TABLE schedule ADD COLUMN sittings $json NOT NULL DEFAULT '[]';
    ALTER TABLE sitting_group ADD COLUMN day $date NOT NULL DEFAULT '0001-01-01';
    CREATE TABLE calendar (
        id $id NOT NULL PRIMARY KEY,
        identity_id $id NOT NULL CONSTRAINT calendar_identity_id_fkey REFERENCES identity (id),
        name text NOT NULL,
        filter $json NOT NULL,
        revoked $bool NOT NULL,
        version integer NOT NULL
    )$strict;
    CREATE INDEX calendar_identity_id_idx ON calendar (identity_id)";

/// Types whose names differ: the word above, SQLite's, PostgreSQL's.
const TYPES: [(&str, &str, &str); 5] = [
    ("$strict", " STRICT", ""),
    ("$id", "blob", "uuid"),
    ("$json", "text", "jsonb"),
    ("$date", "text", "date"),
    ("$bool", "integer", "boolean"),
];

const DOWN: &str = "DROP TABLE calendar;
    ALTER TABLE sitting_group DROP COLUMN day;
    ALTER TABLE schedule DROP COLUMN sittings;
    ALTER TABLE schedule DROP COLUMN kind";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let db = manager.get_connection();
        let types = TYPES.iter().map(|(word, lite, post)| (word, if sqlite { lite } else { post }));
        db.execute_unprepared(&types.fold(UP.to_owned(), |up, (word, name)| up.replace(word, name))).await?;
        days(manager, if sqlite { "?2" } else { "CAST($2 AS date)" }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}

/// The day of each sitting that is there: SQLite knows no time zones.
async fn days(manager: &SchemaManager<'_>, day: &str) -> Result<(), DbErr> {
    let (db, backend) = (manager.get_connection(), manager.get_database_backend());
    let numbers = if backend == DatabaseBackend::Sqlite { ("?1", "?2") } else { ("$1", "$2") };
    let update = format!("UPDATE sitting_group SET day = {day} WHERE id = {}", numbers.0);
    for row in db.query_all_raw(Statement::from_string(backend, "SELECT id, starts_at FROM sitting_group")).await? {
        let (id, starts_at): (sea_orm_migration::sea_orm::prelude::Uuid, i64) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let begins = DateTime::from_timestamp_micros(starts_at).unwrap_or_default().with_timezone(&Stockholm);
        let values = [id.into(), begins.date_naive().to_string().into()];
        db.execute_raw(Statement::from_sql_and_values(backend, update.clone(), values)).await?;
    }
    Ok(())
}
