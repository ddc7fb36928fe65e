//! How the directory is changed: in one transaction, through verbs, with a Change entry for each.

use entity::values::SubjectKind;
use entity::{Record, change, change_value};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel,
    Iterable, ModelTrait, PrimaryKeyTrait, Set,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::policy::Permit;

/// What a verb is called when it makes something new, when it changes what is there, and when it takes it away.
#[derive(Clone, Copy)]
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
    kind: SubjectKind,
    subject: Uuid,
    rows: Vec<RowChange>,
}

struct RowChange {
    table: &'static str,
    id: Uuid,
    was: Option<Map<String, Value>>,
    now: Option<Map<String, Value>>,
}

impl Entry {
    /// An entry about a subject.
    pub fn new(verbs: Verbs, kind: SubjectKind, subject: Uuid) -> Self {
        Self { verbs, kind, subject, rows: Vec::new() }
    }

    fn outcome(&self) -> Outcome {
        let new = |row: &RowChange| row.was.is_none();
        match self.rows.iter().find(|row| row.id == self.subject) {
            _ if self.rows.is_empty() => Outcome::Unchanged,
            Some(own) if new(own) => Outcome::Created,
            // A verb about parts of a subject, such as its relations, writes no row of the subject's own.
            None if self.rows.iter().all(new) => Outcome::Created,
            _ => Outcome::Changed,
        }
    }

    fn verb(&self) -> &'static str {
        let own = self.rows.iter().find(|row| row.id == self.subject);
        match own {
            Some(RowChange { was: None, .. }) => self.verbs.new,
            Some(RowChange { now: None, .. }) => self.verbs.gone,
            _ => self.verbs.changed,
        }
    }
}

/// What the rows of a table must be for the writer to write them.
pub trait Writable: Record + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel> {
    /// The table's name.
    const TABLE: &'static str;
}

macro_rules! writable {
    ($($table:ident)+) => {
        $(impl Writable for entity::$table::Model { const TABLE: &'static str = stringify!($table); })+
    };
}

writable! {
    attendance contact_point document figure group group_relation meeting membership organisation organisation_name person position
    schedule schedule_group seat sitting sitting_group source substitution tenure
}

/// The primary key of every table is a UUID.
pub trait ById: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>> {}
impl<E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>>> ById for E {}

/// A transaction that changes the directory.
pub struct Writer {
    app: App,
    permit: Permit,
    transaction: DatabaseTransaction,
    entries: Vec<Entry>,
}

impl Writer {
    /// Begins, for somebody who may.
    pub async fn begin(app: &App, permit: Permit) -> Result<Self, Error> {
        Ok(Self { app: app.clone(), permit, transaction: app.db.begin().await?, entries: Vec::new() })
    }

    /// To read inside the transaction.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The row with this id.
    pub async fn find<M>(&self, id: Uuid) -> Result<Option<M>, Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        Ok(M::Entity::find_by_id(id).one(&self.transaction).await?)
    }

    /// Brings a row to what it should be, and notes in the entry what that changed.
    pub async fn put<M>(&self, entry: &mut Entry, mut row: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let Some(mut was) = self.find::<M>(row.id()).await? else {
            if let Some(version) = row.version() {
                *version = 1;
            }
            let active = row.clone().into_active_model().reset_all();
            M::Entity::insert(active).exec_without_returning(&self.transaction).await?;
            entry.rows.push(RowChange { table: M::TABLE, id: row.id(), was: None, now: Some(columns(&row)?) });
            return Ok(());
        };
        let before = was.version().map(|version| *version);
        if let (Some(version), Some(before)) = (row.version(), before) {
            *version = before;
        }
        if was == row {
            return Ok(());
        }
        if let Some(version) = row.version() {
            *version += 1;
        }
        M::Entity::update(changed(&row)).exec(&self.transaction).await?;
        let (old, new) = difference(columns(&was)?, columns(&row)?);
        entry.rows.push(RowChange { table: M::TABLE, id: row.id(), was: Some(old), now: Some(new) });
        Ok(())
    }

    /// Takes a row away, and notes what it was.
    pub async fn remove<M>(&self, entry: &mut Entry, row: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        M::Entity::delete_by_id(row.id()).exec(&self.transaction).await?;
        entry.rows.push(RowChange { table: M::TABLE, id: row.id(), was: Some(columns(&row)?), now: None });
        Ok(())
    }

    /// Brings the rows that are part of a subject to what they should be: those that are not wanted go.
    pub async fn replace<M>(&self, entry: &mut Entry, were: Vec<M>, wanted: Vec<M>) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        for gone in were.into_iter().filter(|row| wanted.iter().all(|kept| kept.id() != row.id())) {
            self.remove(entry, gone).await?;
        }
        for row in wanted {
            self.put(entry, row).await?;
        }
        Ok(())
    }

    /// Brings the rows of their own that documents gave a subject to what they should be, each with an entry. Rows that were added
    /// otherwise have random ids, and stay.
    pub async fn replace_each<M>(
        &mut self,
        (verbs, kind): (Verbs, SubjectKind),
        were: Vec<M>,
        wanted: Vec<M>,
    ) -> Result<Outcome, Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let mut outcomes = Vec::new();
        let loaded = were.into_iter().filter(|row| row.id().get_version_num() == 5);
        for gone in loaded.filter(|row| wanted.iter().all(|kept| kept.id() != row.id())).collect::<Vec<_>>() {
            let mut entry = Entry::new(verbs, kind, gone.id());
            self.remove(&mut entry, gone).await?;
            self.record(entry);
            outcomes.push(Outcome::Changed);
        }
        for row in wanted {
            let mut entry = Entry::new(verbs, kind, row.id());
            self.put(&mut entry, row).await?;
            outcomes.push(self.record(entry));
        }
        let all = |wanted| outcomes.iter().all(|outcome| *outcome == wanted);
        Ok(match () {
            () if all(Outcome::Unchanged) => Outcome::Unchanged,
            () if all(Outcome::Created) => Outcome::Created,
            () => Outcome::Changed,
        })
    }

    /// Ends a verb: what it changed goes on record.
    pub fn record(&mut self, entry: Entry) -> Outcome {
        let outcome = entry.outcome();
        if outcome != Outcome::Unchanged {
            self.entries.push(entry);
        }
        outcome
    }

    /// How much is on record so far, to come back to.
    pub async fn savepoint(&self) -> Result<usize, Error> {
        self.transaction.execute_unprepared("SAVEPOINT verb").await?;
        Ok(self.entries.len())
    }

    /// Keeps what was done since the savepoint.
    pub async fn keep(&self) -> Result<(), Error> {
        self.transaction.execute_unprepared("RELEASE SAVEPOINT verb").await?;
        Ok(())
    }

    /// Undoes what was done since the savepoint.
    pub async fn undo(&mut self, savepoint: usize) -> Result<(), Error> {
        self.transaction.execute_unprepared("ROLLBACK TO SAVEPOINT verb").await?;
        self.entries.truncate(savepoint);
        self.keep().await
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.transaction.rollback().await?)
    }

    /// Puts the entries on record and commits. They come last, on PostgreSQL one transaction after the other, so that the order of
    /// the trail is the order of the commits and a reader who has seen one has seen all before it.
    pub async fn commit(self) -> Result<(), Error> {
        if !self.entries.is_empty() && self.transaction.get_database_backend() == DbBackend::Postgres {
            self.transaction.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('samverkan change'))").await?;
        }
        let (at, actor) = (self.app.now(), self.permit.actor().name());
        for entry in &self.entries {
            let change = change::ActiveModel {
                seq: ActiveValue::NotSet,
                at: Set(at),
                actor: Set(actor.to_owned()),
                verb: Set(entry.verb().to_owned()),
                subject_kind: Set(entry.kind),
                subject_id: Set(entry.subject),
                reason: Set(None),
            };
            let seq = change::Entity::insert(change).exec(&self.transaction).await?.last_insert_id;
            let values = entry.rows.iter().map(|row| row.value(seq));
            change_value::Entity::insert_many(values).exec_without_returning(&self.transaction).await?;
        }
        Ok(self.transaction.commit().await?)
    }
}

impl RowChange {
    fn value(&self, seq: i64) -> change_value::ActiveModel {
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

fn changed<M: Writable>(row: &M) -> <M::Entity as EntityTrait>::ActiveModel {
    let mut active = row.clone().into_active_model();
    for column in <M::Entity as EntityTrait>::Column::iter() {
        if row.id() != Uuid::nil() && !is_id::<M>(&column) {
            active.reset(column);
        }
    }
    active
}

fn is_id<M: ModelTrait>(column: &<M::Entity as EntityTrait>::Column) -> bool {
    use sea_orm::IdenStatic;
    column.as_str() == "id"
}

fn columns<M: Record>(row: &M) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => Ok(columns),
        _ => Err(Error::Internal("a row that is no object".to_owned())),
    }
}

/// The columns that differ, as they were and as they are.
fn difference(was: Map<String, Value>, now: Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let mut new = Map::new();
    let mut old = Map::new();
    for (column, value) in now {
        let before = was.get(&column).cloned().unwrap_or(Value::Null);
        if before != value {
            old.insert(column.clone(), before);
            new.insert(column, value);
        }
    }
    (old, new)
}

/// The id of a part of something, derived so that writing the same part again finds it.
pub fn derived(whole: Uuid, part: &str) -> Uuid {
    Uuid::new_v5(&whole, part.as_bytes())
}
