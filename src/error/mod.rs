//! What can go wrong below the doors. Each has a stable code that clients branch on; a message never holds text of the database.

mod code;
mod database;
mod language;
mod rule;
mod said;

use std::fmt;

pub use code::Code;
use entity::values::{Role, SubjectKind};
pub use language::Language;
pub use rule::Rule;
pub use said::Said;
use uuid::Uuid;

/// Something in the directory that a failure is about.
pub type Subject = (SubjectKind, Uuid);

/// A failure, by what a client can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no such thing, or the asker may not know of it.
    NotFound,
    /// The asker may not do this at all; says what would let them.
    Denied(Said),
    /// The asker sees the thing but may not change it; one of these roles, in the right place, could.
    NotAllowed(Vec<Role>),
    /// The input cannot be right, whatever the directory holds.
    Invalid {
        /// What clients branch on.
        code: Code,
        /// What is wrong and what would be right.
        message: Said,
    },
    /// A rule of the directory would be broken.
    Conflict {
        /// Which.
        rule: Rule,
        /// Where.
        on: Vec<Subject>,
    },
    /// The thing has changed since the asker looked.
    Stale {
        /// What has changed.
        of: Subject,
        /// Its version now.
        version: i32,
    },
    /// The idempotency key came with another input before.
    KeyReused,
    /// Somebody else was faster, or the database is busy; the same may work in a moment.
    Busy,
    /// What was asked took longer than it may take.
    TimedOut,
    /// The database is not there, or not as this binary knows it; says what to do.
    Unready(String),
    /// Our fault. The text is for the log alone.
    Internal(String),
    /// A failure that a part of the input caused.
    At {
        /// The part, as the API names it.
        field: &'static str,
        /// The failure.
        error: Box<Error>,
    },
}

impl Error {
    /// A wrong input.
    pub fn invalid(code: Code, message: impl Into<Said>) -> Self {
        Self::Invalid { code, message: message.into() }
    }

    /// A broken rule.
    pub fn conflict(rule: Rule) -> Self {
        Self::Conflict { rule, on: Vec::new() }
    }

    /// A broken rule, and where.
    pub fn conflict_on(rule: Rule, kind: SubjectKind, id: Uuid) -> Self {
        Self::Conflict { rule, on: vec![(kind, id)] }
    }

    /// The failure as one that a part of the input caused.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        Self::At { field, error: Box::new(self) }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Denied(_) => Code::Forbidden,
            Self::NotAllowed(_) => Code::NotAllowed,
            Self::Invalid { code, .. } => *code,
            Self::Conflict { .. } => Code::Conflict,
            Self::Stale { .. } => Code::VersionConflict,
            Self::KeyReused => Code::KeyReused,
            Self::Busy | Self::Unready(_) => Code::Unavailable,
            Self::TimedOut => Code::TimedOut,
            Self::Internal(_) => Code::Internal,
            Self::At { error, .. } => error.code(),
        }
    }

    /// What happened, for whoever asked.
    pub fn said(&self) -> Said {
        match self {
            Self::NotFound => Said::both("there is no such thing", "det finns inget sådant"),
            Self::NotAllowed(_) => {
                Said::both("you may see this but not change it", "du får se detta men inte ändra det")
            }
            Self::Denied(said) | Self::Invalid { message: said, .. } => said.clone(),
            Self::Conflict { rule, .. } => rule.said(),
            Self::Stale { version, .. } => Said::both(
                format!("this has been changed by somebody else: its version is {version} now"),
                format!("detta har ändrats av någon annan: versionen är nu {version}"),
            ),
            Self::KeyReused => Said::both(
                "this idempotency key came with another input before",
                "den här idempotensnyckeln har använts med andra uppgifter",
            ),
            Self::Busy => Said::both("too much is under way; try again", "för mycket pågår; försök igen"),
            Self::TimedOut => {
                Said::both("this takes too long; ask for less", "detta tar för lång tid; fråga efter mindre")
            }
            Self::Unready(reason) => reason.clone().into(),
            Self::Internal(_) => Said::both("something went wrong here", "något gick fel hos oss"),
            Self::At { error, .. } => error.said(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().in_language(Language::English))
    }
}

impl std::error::Error for Error {}
