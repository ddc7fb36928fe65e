//! Events as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Audience, Exactness, GlobalId, SubjectKind};

use super::agreement::Assignment;
use super::change::Change;
use super::connection::connections;
use super::figure::Figure;
use super::owner::{Owner, owner};
use super::period::Period;
use super::row::Row;
use super::source::Source;
use crate::domain::event;
use crate::error::Error;

/// Evenemang: a course, a conference or another occasion, of a group or a unit.
#[derive(Description)]
pub struct Event(pub Row<event::Row>);

impl From<Row<event::Row>> for Event {
    fn from(row: Row<event::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Event {
    /// The event's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Event)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is about.
    async fn description(&self) -> Result<Option<String>, Error> {
        Ok(self.0.many("description", event::descriptions).await?.first().map(|row| row.description.clone()))
    }

    /// Whose it is.
    async fn owner(&self) -> Result<Option<Owner>, Error> {
        owner(&self.0, |row| row.group_id, |row| row.organisation_id).await
    }

    /// Who arranges it: whose it is, and then the others.
    async fn organisers(&self) -> Result<Vec<Owner>, Error> {
        let own = owner(&self.0, |row| row.group_id, |row| row.organisation_id).await?;
        let mut organisers: Vec<Owner> = own.into_iter().collect();
        for other in self.0.many("organisers", event::organisers).await? {
            organisers.extend(owner(&other, |row| row.group_id, |row| row.organisation_id).await?);
        }
        Ok(organisers)
    }

    /// The assignment of an agreement under which it is arranged.
    async fn assignment(&self) -> Result<Option<Assignment>, Error> {
        let find = crate::domain::agreement::assignments_by_ids;
        Ok(self.0.one("assignment", |row| row.assignment_id, find).await?.map(Assignment))
    }

    /// What it is about, in a word or two.
    async fn subject_area(&self) -> Option<&str> {
        self.0.subject_area.as_deref()
    }

    /// Where.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// How many took part.
    async fn participants(&self) -> Option<i32> {
        self.0.participants
    }

    /// How exactly that is known.
    async fn exactness(&self) -> Option<Exactness> {
        self.0.exactness
    }

    /// When: its days, or the month or the year in which it is.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> EventLists {
        EventLists(self.0.clone())
    }

    /// Who may see it.
    async fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Counts the changes of the event, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}

connections! {
    EventLists of event::Row {
        /// Numbers that sources state of it.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_events;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_events;
    }
}
