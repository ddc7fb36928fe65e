//! How the directory is changed: in one transaction, through verbs, with a Change entry for each.

mod entry;

use entity::values::SubjectKind;
use entity::{Record, change, change_value, source};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IdenStatic, IntoActiveModel, Iterable, PrimaryKeyTrait, QueryFilter, Set,
};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::policy::Permit;
pub use entry::{Entry, Outcome, Verbs};
use entry::{RowChange, columns, difference};

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
        self.update(entry, was, row).await
    }

    async fn update<M>(&self, entry: &mut Entry, was: M, now: M) -> Result<(), Error>
    where
        M: Writable,
        M::Entity: ById + EntityTrait<Model = M>,
    {
        M::Entity::update(changed(&now)).exec(&self.transaction).await?;
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
