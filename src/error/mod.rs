//! What can go wrong below the doors. Each has a stable code that clients branch on; a message never holds text of the database.

mod code;

use std::fmt;

pub use code::Code;
use sea_orm::{DbErr, RuntimeErr};

/// A failure, by what a client can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no such thing, or the asker may not know of it.
    NotFound,
    /// The asker may not do this at all; says what would let them.
    Denied(String),
    /// The input cannot be right, whatever the directory holds.
    Invalid {
        /// What clients branch on.
        code: Code,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A rule of the directory would be broken.
    Conflict {
        /// The rule's name: a constraint or trigger of the database, or one that only a verb can hold.
        rule: String,
    },
    /// The database is not there, or not as this binary knows it; says what to do.
    Unready(String),
    /// Our fault. The text is for the log alone.
    Internal(String),
}

impl Error {
    /// A wrong input.
    pub fn invalid(code: Code, message: impl Into<String>) -> Self {
        Self::Invalid { code, message: message.into() }
    }

    /// A broken rule.
    pub fn conflict(rule: &str) -> Self {
        Self::Conflict { rule: rule.to_owned() }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::Invalid { code, .. } => *code,
            Self::Conflict { .. } => Code::Conflict,
            Self::Unready(_) => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such thing"),
            Self::Denied(reason) | Self::Unready(reason) => f.write_str(reason),
            Self::Invalid { message, .. } => f.write_str(message),
            Self::Conflict { rule } => f.write_str(broken(rule)),
            Self::Internal(_) => f.write_str("something went wrong here"),
        }
    }
}

/// What a rule says when it is broken. Most are held by the database, under the names that the migrations give them.
fn broken(rule: &str) -> &'static str {
    match rule {
        "seat_capacity" => "on some day the seat would have more members than its capacity",
        "membership_twice" => "the person already sits on this seat during that time",
        "membership_outside_seat" => "a membership lies inside the period of its seat",
        "seat_outside_group" => "a seat lies inside the period of its group",
        "substitution_outside_membership" => "a substitution lies inside the period of the membership it stands in for",
        "tenure_outside_position" => "a tenure lies inside the period of its position",
        "position_one_holder" => "somebody else holds the position during that time",
        "group_cycle" => "a group cannot lie below itself",
        "organisation_cycle" => "an organisation cannot be part of itself",
        "organisation_successor_cycle" => "an organisation cannot succeed itself",
        "organisation_number_taken" => "another organisation has this number at the same time",
        "organisation_unit_has_parent" => "a unit is part of an organisation: say which",
        "organisation_slug_key" | "group_slug_key" | "document_slug_key" => "the slug is taken",
        "seat_capacity_positive" => "a capacity is at least 1",
        "seat_ex_officio_position" => "a seat names a position when, and only when, it is filled ex officio",
        "seat_goes_with_position" => "the seat goes with a position: who holds the position sits on it",
        "organisation_name_missing" => "an organisation has a name",
        "organisation_names_with_gaps" => "each name of an organisation ends on the day on which the next begins",
        "meeting_sitting_missing" => "a meeting has at least one sitting",
        "meeting_length" => "a meeting lasts at most 32 days",
        "schedule_one_plan" => "a schedule has a recurrence or a number a year, not both",
        "sitting_overlap" => "the group already has a sitting at that time",
        "change_append_only" | "change_value_append_only" => "the trail of changes is only ever added to",
        _ => "this breaks a rule of the directory",
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match constraint(&error) {
            Some(rule) => Self::Conflict { rule },
            None => Self::Internal(error.to_string()),
        }
    }
}

/// The name of the constraint or trigger that refused a statement, the same on both databases.
fn constraint(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return None;
    };
    let database = inner.as_database_error()?;
    if let Some(name) = database.constraint() {
        return Some(name.to_owned());
    }
    sqlite_constraint(database.message())
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
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
    (!message.is_empty() && message.bytes().all(plain)).then(|| message.to_owned())
}
