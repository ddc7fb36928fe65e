//! How the directory is changed: in one transaction, through verbs, with a Change entry for each.

mod command;
mod entry;
mod place;
mod text;

use entity::values::SubjectKind;
use entity::{Record, change, change_value, identity, source};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IdenStatic, IntoActiveModel, Iterable, PrimaryKeyTrait, QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::policy::{Permit, SignIn};
use command::Memory;
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
    attendance contact_point document figure grant group group_relation identity invitation meeting membership organisation
    organisation_name person position schedule schedule_group seat sitting sitting_group source substitution tenure
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
        let Some(mut was) = self.lock::<M>(row.id()).await? else {
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
        let (old, new) = difference(columns(&was)?, columns(&now)?);
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
        if entry.is_about_parts()
            && let Some(was) = self.find::<M>(entry.subject).await?
        {
            let mut now = was.clone();
            if let Some(version) = now.version() {
                *version += 1;
            }
            self.update(&mut entry, was, now).await?;
        }
        Ok(self.record(entry))
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

    /// Puts the entries on record and commits. They come last, on PostgreSQL one transaction after the other, so that the order of
    /// the trail is the order of the commits and a reader who has seen one has seen all before it.
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_as(None).await.map(|_| ())
    }

    /// Commits a command, with what is remembered of it. The first entry's place in the trail.
    async fn commit_as(mut self, remembered: Option<(&Memory, Uuid)>) -> Result<Option<i64>, Error> {
        let mut first = None;
        if !self.entries.is_empty() {
            if let Some(sign_in) = self.permit.actor().sign_in().cloned() {
                self.known(&sign_in).await?;
            }
            if self.transaction.get_database_backend() == DbBackend::Postgres {
                let in_turn = "SELECT pg_advisory_xact_lock(hashtext('samverkan change'))";
                self.transaction.execute_unprepared(in_turn).await?;
            }
        }
        for entry in &self.entries {
            let seq = change::Entity::insert(self.change(entry)).exec(&self.transaction).await?.last_insert_id;
            let values = entry.rows.iter().map(|row| row.value(seq));
            change_value::Entity::insert_many(values).exec_without_returning(&self.transaction).await?;
            first = first.or(Some(seq));
        }
        if let Some((memory, subject)) = remembered {
            memory.outcome(subject, first).update(&self.transaction).await?;
        }
        self.transaction.commit().await?;
        Ok(first)
    }

    fn change(&self, entry: &Entry) -> change::ActiveModel {
        change::ActiveModel {
            seq: ActiveValue::NotSet,
            at: Set(self.app.now()),
            actor: Set(self.permit.actor().name()),
            verb: Set(entry.verb().to_owned()),
            subject_kind: Set(entry.kind),
            subject_id: Set(entry.subject),
            reason: Set(self.reason.clone()),
            person_id: Set(self.permit.actor().person()),
            on_behalf_of_id: Set(self.permit.on_behalf_of()),
            request_id: Set(self.request_id.clone()),
        }
    }

    /// Whoever is in the trail is in the directory: the identity of somebody's first change comes with it.
    async fn known(&mut self, sign_in: &SignIn) -> Result<(), Error> {
        let row = identity::Model {
            id: sign_in.identity(),
            issuer: sign_in.issuer.clone(),
            subject: sign_in.subject.clone(),
            person_id: None,
            version: 1,
        };
        if self.find::<identity::Model>(row.id).await?.is_some() {
            return Ok(());
        }
        // Two first changes of one identity at the same time: the second finds it there.
        let there = OnConflict::column(identity::Column::Id).do_nothing().to_owned();
        let active = row.clone().into_active_model().reset_all();
        let inserted =
            identity::Entity::insert(active).on_conflict(there).exec_without_returning(&self.transaction).await?;
        if inserted > 0
            && let Some(first) = self.entries.first_mut()
        {
            let columns = columns(&row)?;
            first.rows.push(RowChange { table: identity::Model::TABLE, id: row.id, was: None, now: Some(columns) });
        }
        Ok(())
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
