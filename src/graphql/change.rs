//! Changes as the schema shows them.

use async_graphql::{Description, Enum, Object, SimpleObject};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, SubjectKind};

use super::identity::Identity;
use super::node::{self, Node};
use super::organisation::Organisation;
use super::person::Person;
use super::row::Row;
use crate::domain::change;
use crate::domain::view::View;
use crate::domain::write::RowChange;
use crate::error::Error;

/// Ändring: an entry of the trail, in which everything that anybody changes is written down.
#[derive(Description)]
pub struct Change(pub Row<change::Row>);

impl From<Row<change::Row>> for Change {
    fn from(row: Row<change::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Change {
    /// The entry's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Change)
    }

    /// When.
    async fn at(&self) -> DateTime<FixedOffset> {
        self.0.at.local()
    }

    /// What was done, by the name of the mutation that does it.
    async fn verb(&self) -> &str {
        &self.0.verb
    }

    /// Who did it: the identity; absent when a command of the server did, or when it is not for the asker to know.
    async fn identity(&self) -> Result<Option<Identity>, Error> {
        let find = crate::domain::identity::by_ids;
        Ok(self.0.one("identity", change::Row::identity_id, find).await?.map(Identity))
    }

    /// Which command of the server did it, such as `load`.
    async fn command(&self) -> Option<&str> {
        self.0.command()
    }

    /// Whom the identity was linked to then.
    async fn person(&self) -> Result<Option<Person>, Error> {
        Ok(self.0.one("person", |row| row.person_id, crate::domain::person::by_ids).await?.map(Person))
    }

    /// For which organisation a representative did it.
    async fn on_behalf_of(&self) -> Result<Option<Organisation>, Error> {
        let find = crate::domain::organisation::by_ids;
        Ok(self.0.one("onBehalfOf", |row| row.on_behalf_of_id, find).await?.map(Organisation))
    }

    /// What it was done to, as it is now; absent when it is gone or not for the asker to see.
    async fn subject(&self) -> Result<Option<Node>, Error> {
        let id = |row: &change::Row| GlobalId { kind: Some(row.subject_kind), id: row.subject_id, lens: None };
        node::named(&self.0, "subject", id).await
    }

    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Which request it was, as the log names it.
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What it did to each thing, as far as the asker may know.
    async fn effects(&self) -> Result<Vec<Effect>, Error> {
        Ok(self.0.many_from_rows("effects", change::effects).await?.into_iter().map(Effect).collect())
    }
}

/// What became of a thing.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum EffectKind {
    /// Ny: it was not there before.
    Created,
    /// Ändrad: it was there and is different.
    Changed,
    /// Borttagen: it is not there any more.
    Removed,
}

/// Fält: a field before and after.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// The field's name.
    name: String,
    /// What it was; ids and dates as the API writes them. Absent when there was nothing.
    before: Option<String>,
    /// What it is. Absent when there is nothing.
    after: Option<String>,
}

/// Verkan: what a change does to one thing.
#[derive(Description)]
pub struct Effect(Row<change::Effect>);

impl Effect {
    /// What a dry run would do.
    pub async fn planned(view: &View, rows: &[RowChange]) -> Result<Vec<Self>, Error> {
        let effects = change::planned(view, rows).await?;
        Ok(Row::batch(view, effects).into_iter().map(Self).collect())
    }
}

#[Object(use_type_description)]
impl Effect {
    /// What sort of thing it is: `membership`, `organisation_name`.
    async fn noun(&self) -> &str {
        &self.0.table
    }

    /// The thing as it is now; absent when it is gone, not there yet, part of another, or not for the asker to see.
    async fn on(&self) -> Result<Option<Node>, Error> {
        let id = |row: &change::Effect| GlobalId { kind: row.kind(), id: row.row_id, lens: None };
        node::named(&self.0, "on", id).await
    }

    /// What becomes of it.
    async fn kind(&self) -> EffectKind {
        match (self.0.is_new(), self.0.is_gone()) {
            (true, _) => EffectKind::Created,
            (_, true) => EffectKind::Removed,
            _ => EffectKind::Changed,
        }
    }

    /// The fields that change.
    async fn fields(&self) -> Vec<FieldChange> {
        let told =
            |field: change::FieldChange| FieldChange { name: field.name, before: field.before, after: field.after };
        self.0.fields().into_iter().map(told).collect()
    }

    /// Whether it is about somebody with protected personal data, so that what it says is withheld.
    async fn masked(&self) -> bool {
        self.0.masked
    }
}
