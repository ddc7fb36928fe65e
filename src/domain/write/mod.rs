//! How the directory is changed: in one transaction, through verbs, with a Change entry for each.

mod command;
mod entry;
mod many;
mod place;
mod text;
mod trail;

use entity::values::SubjectKind;
use entity::{Record, source};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, PrimaryKeyTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::policy::Permit;
pub(crate) use command::how;
pub use command::{Asked, Command, Done, How, run};
pub use entry::{Entry, Outcome, RowChange, Verbs};
use entry::{columns, difference};

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
    activity agreement agreement_party assignment attendance calendar contact_point document event event_organiser figure follow_up_item
    grant group group_relation identity indicator invitation meeting membership organisation organisation_name person position priority
    project project_municipality project_partner reference result schedule schedule_group seat sitting sitting_group source substitution
    tenure
}

/// The primary key of every table is a UUID.
pub trait ById: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>> {}
impl<E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType: From<Uuid>>>> ById for E {}

/// A transaction that changes the directory.
pub struct Writer {
    app: App,
    permit: Permit,
    reason: Option<String>,
    request_id: Option<String>,
    transaction: DatabaseTransaction,
    entries: Vec<Entry>,
}

impl Writer {
    /// Begins, for somebody who may.
    pub async fn begin(app: &App, permit: Permit) -> Result<Self, Error> {
        let transaction = app.db.begin().await?;
        Ok(Self { app: app.clone(), permit, reason: None, request_id: None, transaction, entries: Vec::new() })
    }

    /// Why, and by which request, for the trail.
    fn because(&mut self, reason: Option<&str>, request_id: &str) {
        self.reason = reason.map(str::to_owned);
        self.request_id = Some(request_id.to_owned());
    }

    /// Clock and ids.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Who writes, and what they may.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// An entry for the verb that the permit is for.
    pub fn entry(&self, kind: SubjectKind, subject: Uuid) -> Entry {
        let verb = self.permit.verb().unwrap_or("everything");
        Entry::new(Verbs { new: verb, changed: verb, gone: verb }, kind, subject)
    }

    /// An id for something new, and an entry for the verb that makes it.
    pub fn entry_of_new(&self, kind: SubjectKind) -> (Uuid, Entry) {
        let id = self.app.new_id();
        let mut entry = self.entry(kind, id);
        entry.new = true;
        (id, entry)
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

    /// The row with this id, which nobody else changes until the transaction ends.
    pub async fn lock<M>(&self, id: Uuid) -> Result<Option<M>, Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        Ok(M::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&self.transaction).await?)
    }

    /// The row with this id, locked, if it is as the asker has seen it.
    pub async fn expect<M>(&self, kind: SubjectKind, id: Uuid, version: i32) -> Result<M, Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let mut row = self.lock::<M>(id).await?.ok_or(Error::NotFound)?;
        match row.version().map(|version| *version) {
            Some(now) if now != version => Err(Error::Stale { of: (kind, id), version: now }.at("expectedVersion")),
            _ => Ok(row),
        }
    }

    /// Brings a row to what it should be, and notes in the entry what that changed.
    pub async fn put<M>(&self, entry: &mut Entry, mut row: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        text::without_personal_numbers(row.texts())?;
        let first = entry.makes(row.id()) && !entry.has(row.id());
        let was = if first { None } else { self.lock::<M>(row.id()).await? };
        let Some(mut was) = was else {
            if let Some(version) = row.version() {
                *version = 1;
            }
            let active = row.clone().into_active_model().reset_all();
            let inserted = M::Entity::insert(active).exec_without_returning(&self.transaction).await;
            inserted.map_err(|error| place::explained(error.into(), &row))?;
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
        self.update(entry, was, row).await
    }

    async fn update<M>(&self, entry: &mut Entry, was: M, now: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let updated = M::Entity::update(changed(&now)).exec(&self.transaction).await;
        updated.map_err(|error| place::explained(error.into(), &now))?;
        let (old, new) = difference(M::TABLE, columns(&was)?, columns(&now)?);
        entry.rows.push(RowChange { table: M::TABLE, id: now.id(), was: Some(old), now: Some(new) });
        Ok(())
    }

    /// Takes a row away, its sources with it, and notes what they were.
    pub async fn remove<M>(&self, entry: &mut Entry, row: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let sources = source::Entity::find().filter(source::Column::SubjectId.eq(row.id()));
        for source in sources.all(&self.transaction).await? {
            self.delete(entry, source).await?;
        }
        self.delete(entry, row).await
    }

    async fn delete<M>(&self, entry: &mut Entry, row: M) -> Result<(), Error>
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

    /// The same for rows of which one may come to stand where another stood: all that differ go before any comes.
    pub async fn rewrite<M>(&self, entry: &mut Entry, were: Vec<M>, wanted: Vec<M>) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        for gone in were.into_iter().filter(|row| !wanted.contains(row)) {
            self.delete(entry, gone).await?;
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
        let loaded = were.into_iter().filter(|row| is_derived(row.id()));
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

    /// Ends a verb on a subject of its own: what changed a part of it counts in its version, and all goes on record.
    pub async fn finish<M>(&mut self, mut entry: Entry) -> Result<Outcome, Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        if entry.is_about_parts() {
            let subject = entry.subject;
            self.touch::<M>(&mut entry, subject).await?;
        }
        Ok(self.record(entry))
    }

    /// Counts what changed the parts of a row in its version, unless the entry has changed the row itself.
    pub async fn touch<M>(&self, entry: &mut Entry, id: Uuid) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        let Some(was) = self.find::<M>(id).await?.filter(|_| !entry.has(id)) else { return Ok(()) };
        let mut now = was.clone();
        if let Some(version) = now.version() {
            *version += 1;
        }
        self.update(entry, was, now).await
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

    /// What has been changed so far.
    fn effects(&self) -> Vec<RowChange> {
        self.entries.iter().flat_map(|entry| entry.rows.iter().cloned()).collect()
    }
}

/// Every column but the id is set.
fn changed<M: Writable>(row: &M) -> <M::Entity as EntityTrait>::ActiveModel {
    let mut active = row.clone().into_active_model();
    for column in <M::Entity as EntityTrait>::Column::iter().filter(|column| column.as_str() != "id") {
        active.reset(column);
    }
    active
}

/// The id of a part of something, derived so that writing the same part again finds it.
pub fn derived(whole: Uuid, part: &str) -> Uuid {
    Uuid::new_v5(&whole, part.as_bytes())
}

/// Whether an id was derived, as those of what documents tell are. Others are drawn.
pub fn is_derived(id: Uuid) -> bool {
    id.get_version_num() == 5
}
