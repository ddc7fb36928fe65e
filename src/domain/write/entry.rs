//! A Change entry in the making.

use entity::Record;
use entity::change_value;
use entity::values::{SubjectKind, Term};
use sea_orm::{ActiveValue, Set};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Error;

/// What a verb is called when it makes something new, when it changes what is there, and when it takes it away.
#[derive(Clone, Copy, Debug)]
pub struct Verbs {
    pub new: &'static str,
    pub changed: &'static str,
    pub gone: &'static str,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and is different now.
    Changed,
    /// It was there and is the same.
    Unchanged,
}

impl Outcome {
    /// What became of a record together with something that hangs on it.
    #[must_use]
    pub fn with(self, part: Self) -> Self {
        if self == Self::Unchanged && part != Self::Unchanged { Self::Changed } else { self }
    }
}

/// A Change entry in the making: the rows that one verb wrote.
pub struct Entry {
    verbs: Verbs,
    pub(super) kind: SubjectKind,
    pub(super) subject: Uuid,
    /// Whether the subject's id was made for this entry.
    pub(super) new: bool,
    pub(super) rows: Vec<RowChange>,
}

/// What a verb did to one row: the columns that changed, as they were and as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    /// The row's table.
    pub table: &'static str,
    /// The row.
    pub id: Uuid,
    /// `None` of a new row.
    pub was: Option<Map<String, Value>>,
    /// `None` of a row that is gone.
    pub now: Option<Map<String, Value>>,
}

impl Entry {
    /// An entry about a subject.
    pub fn new(verbs: Verbs, kind: SubjectKind, subject: Uuid) -> Self {
        Self { verbs, kind, subject, new: false, rows: Vec::new() }
    }

    /// Whether this is the id of something that the verb makes: nothing is kept of it yet, and nothing hangs on it.
    pub fn makes(&self, id: Uuid) -> bool {
        self.new && self.subject == id
    }

    pub(super) fn has(&self, id: Uuid) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    pub(super) fn outcome(&self) -> Outcome {
        let new = |row: &RowChange| row.was.is_none();
        match self.rows.iter().find(|row| row.id == self.subject) {
            _ if self.rows.is_empty() => Outcome::Unchanged,
            Some(own) if new(own) => Outcome::Created,
            // A verb about parts of a subject, such as its relations, writes no row of the subject's own.
            None if self.rows.iter().all(new) => Outcome::Created,
            _ => Outcome::Changed,
        }
    }

    /// Whether the entry changes parts of its subject without the row of the subject itself.
    pub(super) fn is_about_parts(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.id != self.subject)
    }

    pub(super) fn verb(&self) -> &'static str {
        let own = self.rows.iter().find(|row| row.id == self.subject);
        match own {
            Some(RowChange { was: None, .. }) => self.verbs.new,
            Some(RowChange { now: None, .. }) => self.verbs.gone,
            _ => self.verbs.changed,
        }
    }
}

impl RowChange {
    pub(super) fn value(&self, seq: i64) -> change_value::ActiveModel {
        let text =
            |columns: &Option<Map<String, Value>>| columns.clone().map(|columns| Value::Object(columns).to_string());
        change_value::ActiveModel {
            id: ActiveValue::NotSet,
            seq: Set(seq),
            row_table: Set(self.table.to_owned()),
            row_id: Set(self.id),
            was: Set(text(&self.was)),
            now: Set(text(&self.now)),
        }
    }
}

pub(super) fn columns<M: Record>(row: &M) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => Ok(columns),
        _ => Err(Error::Internal("a row that is no object".to_owned())),
    }
}

/// The columns that differ, as they were and as they are. A part that is no noun of its own always says what it is a part of, and whom it
/// names: who may read of it is told by them.
pub(super) fn difference(
    table: &str,
    was: Map<String, Value>,
    now: Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let part = SubjectKind::parse(&table.to_uppercase()).is_none();
    let names = |column: &str| column.ends_with("_id") || column == "subject_kind";
    let mut new = Map::new();
    let mut old = Map::new();
    for (column, value) in now {
        let before = was.get(&column).cloned().unwrap_or(Value::Null);
        if before != value || part && names(&column) {
            old.insert(column.clone(), before);
            new.insert(column, value);
        }
    }
    (old, new)
}
