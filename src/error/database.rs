//! What the database's refusals mean.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};

use super::{Error, Rule};

/// PostgreSQL's serialization failure, deadlock and lock timeout; SQLite's busy, locked and busy snapshot.
const TRY_AGAIN: [&str; 6] = ["40001", "40P01", "55P03", "5", "6", "517"];

/// PostgreSQL's cancelled statement; SQLite's interrupt.
const OUT_OF_TIME: [&str; 2] = ["57014", "9"];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let Some(refused) = refusal(&error) else {
            return match error {
                DbErr::ConnectionAcquire(_) => Self::Unready("too much is under way; try again".to_owned()),
                other => Self::Internal(other.to_string()),
            };
        };
        if refused.code().is_some_and(|code| TRY_AGAIN.contains(&code.as_ref())) {
            return Self::Busy;
        }
        if refused.code().is_some_and(|code| OUT_OF_TIME.contains(&code.as_ref())) {
            return Self::TimedOut;
        }
        match constraint(refused) {
            Some(name) => Self::conflict(Rule::named(&name)),
            None => Self::Internal(error.to_string()),
        }
    }
}

fn refusal(error: &DbErr) -> Option<&dyn DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
            inner.as_database_error()
        }
        _ => None,
    }
}

/// The name of the constraint or trigger that refused a statement, the same on both databases.
fn constraint(refused: &dyn DatabaseError) -> Option<String> {
    match refused.constraint() {
        Some(name) => Some(name.to_owned()),
        None => sqlite_constraint(refused.message()),
    }
}

/// SQLite names a check by its name, a unique key by its columns, and a trigger of ours by the text it raised.
fn sqlite_constraint(message: &str) -> Option<String> {
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        let mut name = String::new();
        for column in columns.split(", ") {
            let (table, column) = column.split_once('.')?;
            name = if name.is_empty() { format!("{table}_{column}") } else { format!("{name}_{column}") };
        }
        return Some(format!("{name}_key"));
    }
    if let Some(name) = message.strip_prefix("CHECK constraint failed: ") {
        return Some(name.to_owned());
    }
    // It does not say which.
    if message == "FOREIGN KEY constraint failed" {
        return Some("some_fkey".to_owned());
    }
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
    (!message.is_empty() && message.bytes().all(plain)).then(|| message.to_owned())
}
