//! Where generated rows go: they wait in memory until there are enough of them, and are written table by table, so that each finds what it
//! refers to.

use entity::values::{Instant, SubjectKind};
use entity::{change, change_value};
use sea_orm::{ActiveModelTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, ModelTrait, Value};

use super::Progress;
use crate::db::bulk::{Bulk, Rows};
use crate::domain::write::Writable;
use crate::error::Error;

/// Rows that wait at most.
const ENOUGH: usize = 20_000;

/// In the order in which rows refer to each other.
const TABLES: [&str; 36] = [
    "organisation",
    "organisation_name",
    "person",
    "position",
    "tenure",
    "group",
    "group_relation",
    "seat",
    "membership",
    "schedule",
    "schedule_group",
    "meeting",
    "sitting",
    "sitting_group",
    "attendance",
    "substitution",
    "contact_point",
    "figure",
    "document",
    "source",
    "agreement",
    "agreement_party",
    "assignment",
    "project",
    "project_partner",
    "project_municipality",
    "indicator",
    "event",
    "event_organiser",
    "priority",
    "follow_up_item",
    "activity",
    "result",
    "reference",
    "change",
    "change_value",
];

/// Takes rows.
pub struct Sink<'a> {
    bulk: &'a mut Bulk,
    progress: Progress<'a>,
    now: Instant,
    waiting: Vec<Rows>,
    count: usize,
    changes: i64,
}

impl<'a> Sink<'a> {
    /// A sink that writes to a database.
    pub fn new(bulk: &'a mut Bulk, progress: Progress<'a>, now: Instant) -> Self {
        Self { bulk, progress, now, waiting: Vec::new(), count: 0, changes: 0 }
    }

    /// Takes a row.
    pub async fn add<M>(&mut self, row: M) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        self.add_active::<M::Entity>(row.into_active_model()).await
    }

    async fn add_active<E: EntityTrait>(&mut self, mut row: E::ActiveModel) -> Result<(), Error> {
        let table = E::default();
        let place = match self.waiting.iter().position(|rows| rows.table == table.table_name()) {
            Some(place) => place,
            None => {
                let columns = E::Column::iter().map(|column| column.as_str()).collect();
                self.waiting.push(Rows { table: table.table_name().to_owned(), columns, rows: Vec::new() });
                self.waiting.len() - 1
            }
        };
        let values: Vec<Value> =
            E::Column::iter().map(|column| row.take(column).into_value().unwrap_or(Value::Int(None))).collect();
        self.waiting[place].rows.push(values);
        self.count += 1;
        if self.count >= ENOUGH { self.flush().await } else { Ok(()) }
    }

    /// Takes a row that makes something new, with the entry of the trail that says so.
    pub async fn add_on_record<M>(&mut self, verb: &str, kind: SubjectKind, row: M) -> Result<(), Error>
    where
        M: Writable,
    {
        self.changes += 1;
        let (seq, id) = (self.changes, row.id());
        let now = serde_json::to_string(&row).map_err(|error| Error::Internal(error.to_string()))?;
        self.add(row).await?;
        self.add(change::Model {
            seq,
            at: self.now,
            actor: super::COMMAND.to_owned(),
            verb: verb.to_owned(),
            subject_kind: kind,
            subject_id: id,
            reason: None,
            person_id: None,
            on_behalf_of_id: None,
            request_id: None,
        })
        .await?;
        let table = M::TABLE.to_owned();
        self.add(change_value::Model { id: seq, seq, row_table: table, row_id: id, was: None, now: Some(now) }).await
    }

    /// That so many more of what is counted are there.
    pub fn made(&self, rows: usize) {
        (self.progress)(rows);
    }

    /// Writes what waits.
    pub async fn flush(&mut self) -> Result<(), Error> {
        self.waiting.sort_by_key(|rows| TABLES.iter().position(|table| *table == rows.table));
        for rows in &mut self.waiting {
            let (table, columns) = (rows.table.clone(), rows.columns.clone());
            self.bulk.insert(Rows { table, columns, rows: std::mem::take(&mut rows.rows) }).await?;
        }
        self.count = 0;
        Ok(())
    }
}
