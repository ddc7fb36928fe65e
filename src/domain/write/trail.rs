//! The end of a transaction: what it did goes on record.

use entity::{change, change_value, identity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Set};
use uuid::Uuid;

use super::command::Memory;
use super::entry::columns;
use super::{Entry, RowChange, Writable, Writer};
use crate::db::CHANNEL;
use crate::error::Error;
use crate::policy::SignIn;

impl Writer {
    /// Puts the entries on record and commits. They come last, on PostgreSQL one transaction after the other, so that the order of
    /// the trail is the order of the commits and a reader who has seen one has seen all before it.
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_as(None).await.map(|_| ())
    }

    /// Commits a command, with what is remembered of it. The first entry's place in the trail.
    pub(super) async fn commit_as(mut self, remembered: Option<(&Memory, Uuid)>) -> Result<Option<i64>, Error> {
        let mut first = None;
        if !self.entries.is_empty() {
            if let Some(sign_in) = self.permit.actor().newcomer().cloned() {
                self.known(&sign_in).await?;
            }
            if self.transaction.get_database_backend() == DbBackend::Postgres {
                // Who follows the trail is told when the transaction commits.
                let in_turn = "SELECT pg_advisory_xact_lock(hashtext('samverkan change')), pg_notify";
                self.transaction.execute_unprepared(&format!("{in_turn}('{CHANNEL}', '')")).await?;
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
