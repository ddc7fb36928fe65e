//! Filling an empty database: all rows in one transaction, with indexes and triggers made afterwards, which takes a tenth of the time.

use sea_orm::sqlx::{self, Executor, PgConnection, Row as _};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Statement, Value};

use super::Db;
use crate::error::Error;

/// Values in one statement of SQLite's, which allows no more than 32,766.
const VALUES: usize = 8_000;

/// A transaction that fills the database. What is not committed is as if it had never been, indexes and triggers included.
pub struct Bulk {
    connection: Connection,
    restore: Vec<String>,
}

enum Connection {
    Sqlite(DatabaseTransaction),
    Postgres(Box<sqlx::Transaction<'static, sqlx::Postgres>>),
}

/// Rows for one table, each with a value for each column.
pub struct Rows {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl Bulk {
    /// Begins, and takes down what would be looked at for each row.
    pub async fn begin(db: &Db) -> Result<Self, Error> {
        let connection = match db.backend() {
            DbBackend::Postgres => {
                let transaction = db.write.get_postgres_connection_pool().begin().await.map_err(failed)?;
                Connection::Postgres(Box::new(transaction))
            }
            _ => {
                // Half a gigabyte: what is written at random places stays in memory until the end.
                db.write.execute_unprepared("PRAGMA cache_size = -500000").await?;
                Connection::Sqlite(db.begin().await?)
            }
        };
        let mut bulk = Self { connection, restore: Vec::new() };
        let (take_down, restore) = match bulk.connection {
            Connection::Postgres(_) => bulk.postgres_parts().await?,
            Connection::Sqlite(_) => bulk.sqlite_parts().await?,
        };
        bulk.restore = restore;
        for statement in take_down {
            bulk.execute(&statement).await?;
        }
        Ok(bulk)
    }

    /// Runs a statement without values.
    pub async fn execute(&mut self, text: &str) -> Result<(), Error> {
        match &mut self.connection {
            Connection::Sqlite(transaction) => {
                transaction.execute_unprepared(text).await?;
            }
            Connection::Postgres(transaction) => {
                (&mut ***transaction).execute(sqlx::AssertSqlSafe(text)).await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// The number that a statement without values selects.
    pub async fn number(&mut self, text: &str) -> Result<i64, Error> {
        match &mut self.connection {
            Connection::Sqlite(transaction) => {
                let asked = Statement::from_string(DbBackend::Sqlite, text);
                let row = transaction.query_one_raw(asked).await?;
                Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
            }
            Connection::Postgres(transaction) => {
                let row = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_one(&mut ***transaction).await;
                row.and_then(|row| row.try_get(0)).map_err(failed)
            }
        }
    }

    /// Adds rows: by COPY on PostgreSQL, by statements of many rows on SQLite.
    pub async fn insert(&mut self, rows: Rows) -> Result<(), Error> {
        let Rows { table, columns, rows } = rows;
        let named = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        match &mut self.connection {
            Connection::Postgres(transaction) => {
                copy(transaction, &format!("COPY \"{table}\" ({named}) FROM STDIN"), &rows).await.map_err(failed)
            }
            Connection::Sqlite(transaction) => {
                let mut rows = rows.into_iter().peekable();
                let at_once = (VALUES / columns.len().max(1)).max(1);
                while rows.peek().is_some() {
                    let some: Vec<Vec<Value>> = rows.by_ref().take(at_once).collect();
                    let row = format!("({})", vec!["?"; columns.len()].join(","));
                    let marks = vec![row.as_str(); some.len()].join(",");
                    let text = format!("INSERT INTO \"{table}\" ({named}) VALUES {marks}");
                    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, text, some.into_iter().flatten());
                    transaction.execute_raw(insert).await?;
                }
                Ok(())
            }
        }
    }

    /// Makes indexes and triggers again. Foreign keys are checked then, where they were not before.
    pub async fn restore(&mut self) -> Result<(), Error> {
        for statement in std::mem::take(&mut self.restore) {
            self.execute(&statement).await?;
        }
        match self.connection {
            // SQLite keeps to rules when it knows nothing of how many rows there are: its plans are the same in every directory.
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(_) => self.execute("ANALYZE").await,
        }
    }

    /// Commits.
    pub async fn commit(self) -> Result<(), Error> {
        match self.connection {
            Connection::Sqlite(transaction) => Ok(transaction.commit().await?),
            Connection::Postgres(transaction) => transaction.commit().await.map_err(failed),
        }
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.connection {
            Connection::Sqlite(transaction) => Ok(transaction.rollback().await?),
            Connection::Postgres(transaction) => transaction.rollback().await.map_err(failed),
        }
    }

    /// The statements that take down SQLite's triggers and indexes, and those that make them again, indexes first.
    async fn sqlite_parts(&mut self) -> Result<(Vec<String>, Vec<String>), Error> {
        let Connection::Sqlite(transaction) = &self.connection else { return Ok(Default::default()) };
        let listed = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type";
        let (mut take_down, mut restore) = (Vec::new(), Vec::new());
        for row in transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, SQLITE_SEARCH)).await? {
            restore.push(row.try_get_by_index(0)?);
        }
        for row in transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, listed)).await? {
            let (kind, name): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            take_down.push(format!("DROP {kind} \"{name}\""));
            restore.push(row.try_get_by_index(2)?);
        }
        Ok((take_down, restore))
    }

    /// The same of PostgreSQL's, foreign keys included.
    async fn postgres_parts(&mut self) -> Result<(Vec<String>, Vec<String>), Error> {
        let (mut take_down, mut restore) = (Vec::new(), Vec::new());
        for setting in ["statement_timeout = 0", "maintenance_work_mem = '256MB'"] {
            self.execute(&format!("SET LOCAL {setting}")).await?;
        }
        let Connection::Postgres(transaction) = &mut self.connection else { return Ok(Default::default()) };
        for row in sqlx::query(POSTGRES_PARTS).fetch_all(&mut ***transaction).await.map_err(failed)? {
            take_down.push(row.try_get(0).map_err(failed)?);
            restore.push(row.try_get(1).map_err(failed)?);
        }
        Ok((take_down, restore))
    }
}

/// What fills the indexes of folded columns, which are tables on SQLite.
const SQLITE_SEARCH: &str = "
    SELECT format('INSERT INTO \"%s_entry\" (row_id, search_key) SELECT id, search_key FROM \"%s\"', name, replace(name, '_search', ''))
    FROM sqlite_schema WHERE name LIKE '%~_search' ESCAPE '~' AND type = 'table'
    UNION ALL
    SELECT format('INSERT INTO \"%s\" (\"%s\") VALUES (''rebuild'')', name, name)
    FROM sqlite_schema WHERE name LIKE '%~_search' ESCAPE '~' AND type = 'table'";

/// What takes a part down, and what makes it again, in the order in which they can be made.
const POSTGRES_PARTS: &str = "
    SELECT take_down, restore FROM (
        SELECT 1 AS place, format('DROP INDEX %I', i.indexname) AS take_down, i.indexdef AS restore FROM pg_indexes i
        WHERE i.schemaname = current_schema() AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
        UNION ALL
        SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
        UNION ALL
        SELECT DISTINCT 3, format('ALTER TABLE %s DISABLE TRIGGER USER', t.tgrelid::regclass),
            format('ALTER TABLE %s ENABLE TRIGGER USER', t.tgrelid::regclass)
        FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL
        SELECT 4, 'SELECT 1', format('SELECT setval(pg_get_serial_sequence(%1$L, %2$L), max(%2$I)) FROM %1$I', c.table_name, c.column_name)
        FROM information_schema.columns c WHERE c.is_identity = 'YES' AND c.table_schema = current_schema()
    ) parts ORDER BY place";

async fn copy(connection: &mut PgConnection, statement: &str, rows: &[Vec<Value>]) -> Result<(), sqlx::Error> {
    let mut text = Vec::new();
    for row in rows {
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                text.push(b'\t');
            }
            write(value, &mut text);
        }
        text.push(b'\n');
    }
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(text).await?;
    copy.finish().await?;
    Ok(())
}

/// A value as COPY's text format has it.
fn write(value: &Value, text: &mut Vec<u8>) {
    let printed = match value {
        Value::String(Some(value)) => return escape(value, text),
        Value::Json(Some(value)) => return escape(&value.to_string(), text),
        Value::Bytes(Some(value)) => {
            text.extend_from_slice(b"\\\\x");
            for byte in value.iter() {
                text.extend_from_slice(&[byte >> 4, byte & 15].map(|half| b"0123456789abcdef"[usize::from(half)]));
            }
            return;
        }
        Value::Uuid(Some(value)) => {
            return text.extend_from_slice(value.hyphenated().encode_lower(&mut [0; 36]).as_bytes());
        }
        Value::Bool(Some(value)) => value.to_string(),
        Value::SmallInt(Some(value)) => value.to_string(),
        Value::Int(Some(value)) => value.to_string(),
        Value::BigInt(Some(value)) => value.to_string(),
        Value::ChronoDate(Some(value)) => value.to_string(),
        // No entity has a column of any other type: that would be null, and its NOT NULL would say so.
        _ => "\\N".to_owned(),
    };
    text.extend(printed.bytes());
}

fn escape(value: &str, text: &mut Vec<u8>) {
    if !value.bytes().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
        return text.extend_from_slice(value.as_bytes());
    }
    for byte in value.bytes() {
        match byte {
            b'\\' => text.extend(b"\\\\"),
            b'\t' => text.extend(b"\\t"),
            b'\n' => text.extend(b"\\n"),
            b'\r' => text.extend(b"\\r"),
            byte => text.push(byte),
        }
    }
}

fn failed(error: sqlx::Error) -> Error {
    DbErr::Exec(RuntimeErr::SqlxError(error.into())).into()
}
